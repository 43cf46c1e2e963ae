// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencySchema

/// What a policy decides, for a person to read.
enum PolicyText {
    static func text(_ account: PolicyAccount) -> String {
        var lines = account.calls.flatMap(lines)
        for answer in account.answers {
            let what =
                answer.leansOnUntrusted
                ? "leans on untrusted text" + (answer.sources.isEmpty ? "" : ": " + sources(answer.sources))
                : "leans on trusted values only"
            lines.append("answer \(Escape.terminal(answer.id)): " + Escape.terminal(what))
        }
        for (tool, why) in account.notLoaded.sorted(by: { $0.key < $1.key }) {
            lines.append(Terminal.paint("not loaded: ", .red) + Escape.terminal("\(tool): \(why)"))
        }
        return (lines + ["", summary(account)]).joined(separator: "\n")
    }

    static func summary(_ account: PolicyAccount) -> String {
        let policy = "policy \(Escape.terminal(account.policy)) version \(account.version)"
        guard let share = account.autonomy.share else { return policy + "; nothing with consequences was tried" }
        let autonomy = account.autonomy
        return policy + "; autonomy \(Int((share * 100).rounded())) %: "
            + "\(autonomy.unasked) of \(autonomy.consequential) calls with consequences without a question, "
            + "\(autonomy.questions) question\(autonomy.questions == 1 ? "" : "s")"
    }

    /// What another policy decides otherwise.
    static func changes(_ new: PolicyAccount, from old: PolicyAccount) -> String {
        let changes = zip(old.calls, new.calls).filter { $0.decision != $1.decision }
        let lines = changes.map { before, after in
            Escape.terminal("\(after.call)  \(after.tool)  \(before.decision.rawValue) → \(after.decision.rawValue)")
        }
        let head = "\(changes.count) of \(new.calls.count) calls would be decided otherwise"
        return ([head + (lines.isEmpty ? "" : ":")] + lines.map { "  " + $0 }).joined(separator: "\n")
    }

    private static func lines(_ ruling: PolicyRuling) -> [String] {
        let colour: Terminal.Colour =
            switch ruling.decision {
            case .allowed: .green
            case .asks: .yellow
            case .refused, .cannotArise: .red
            }
        let step = ruling.step.map { " (\($0))" } ?? ""
        var head = Escape.terminal("\(ruling.call)  \(ruling.tool)\(step)  ")
        head += Terminal.paint(ruling.decision.rawValue, colour)
        if let mandate = ruling.mandate { head += Escape.terminal(" under mandate \(mandate)") }
        return [head]
            + ruling.reasons.map { reason in
                var line = "    \(reason.rule.rawValue): \(reason.why)"
                if let value = reason.value { line += ": " + value.compactText.shortened }
                if let earlier = reason.askedAt { line += " (asked at \(earlier))" }
                return Escape.terminal(line)
            }
    }

    private static func sources(_ sources: [ValueSource]) -> String {
        sources.prefix(5).map(\.words).joined(separator: ", ") + (sources.count > 5 ? " and others" : "")
    }
}
