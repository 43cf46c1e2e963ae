// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Notice {
    /// What the check of the architecture found before the run, and what somebody decided about it.
    static func checks(_ state: RunState) -> [Notice] {
        guard let check = state.started?.check else { return [] }
        let standing = check.findings.map { entry in
            Notice(weight: .note, kind: "check \(entry.rule)", place: "before the run", text: entry.message)
        }
        let accepted = check.accepted.map { entry in
            let reason = check.settings.accepted.first { $0.fingerprint == entry.fingerprint }?.reason ?? ""
            let text = "\(entry.message); accepted: \(reason)"
            return Notice(weight: .note, kind: "check \(entry.rule)", place: "before the run", text: text)
        }
        let settings = check.settings.severities.map { setting in
            let text = "\(setting.severity.rawValue) by decision: \(setting.reason)"
            return Notice(weight: .note, kind: "rule \(setting.rule)", place: "before the run", text: text)
        }
        return standing + accepted + settings
    }
}
