// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Shape where Value == CheckSettings {
    /// What was decided about rules and findings, as a file declares it.
    static var checkSettings: Shape {
        .mapping("the settings of the check") { reader in
            let severities = reader.optional("severities", .named("severity", CheckSettings.Setting.read))
            let accepted = reader.optional("accepted", .list(of: .acceptance))
            return CheckSettings(severities: severities ?? [], accepted: accepted ?? [])
        }
    }
}

extension CheckSettings.Setting {
    fileprivate static func read(_ rule: String, _ reader: inout MappingReader) -> Self? {
        let severity = reader.required("severity", Shape<Severity>.word)
        let reason = reader.required("reason", .text)
        guard let severity, let reason else { return nil }
        return Self(rule: rule, severity: severity, reason: reason)
    }
}

extension Shape where Value == CheckSettings.Acceptance {
    fileprivate static var acceptance: Shape {
        .mapping("an acceptance") { reader in
            let rule = reader.required("rule", .text)
            let fingerprint = reader.required("fingerprint", .text)
            let reason = reader.required("reason", .text)
            guard let rule, let fingerprint, let reason else { return nil }
            return CheckSettings.Acceptance(rule: rule, fingerprint: fingerprint, reason: reason)
        }
    }
}
