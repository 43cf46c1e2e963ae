// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyReport

/// What checking came to, for a person to read.
enum CheckText {
    static func text(_ report: CheckReport) -> String {
        var lines = report.faults.map(finding)
        for accepted in report.accepted {
            let fault = accepted.fault
            let what = "\(fault.rule.id) at \(fault.file):\(fault.line): \(accepted.reason)"
            lines.append(Terminal.paint("accepted: " + Escape.terminal(what), .dim))
        }
        if let architecture = report.architecture {
            if !lines.isEmpty { lines.append("") }
            lines.append(summary(architecture, report))
        }
        if let bounds = report.bounds {
            lines += ["", BoundsText.text(bounds), "", loops(report.architecture?.loops ?? [])]
        }
        return lines.joined(separator: "\n")
    }

    private static func summary(_ architecture: Architecture, _ report: CheckReport) -> String {
        let size = "\(architecture.name): \(architecture.roles.count) roles, \(architecture.flow.count) stages"
        let counts = [(Severity.error, "error"), (.warning, "warning"), (.note, "note")].compactMap { severity, word in
            let count = report.count(severity)
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        if counts.isEmpty { return "\(size); references, order and bounds are right" }
        return "\(size); " + counts.joined(separator: ", ")
    }

    /// The warnings in a line, for whoever is about to begin a run; `nil` where there are none.
    static func warnings(_ report: CheckReport) -> String? {
        let rules = report.faults.filter { $0.severity == .warning }.map(\.rule.id)
        guard !rules.isEmpty else { return nil }
        let list = Set(rules).sorted().joined(separator: ", ")
        return "\(rules.count) warning\(rules.count == 1 ? "" : "s"), on the record (\(list)); agency check tells which"
    }

    private static func finding(_ fault: Fault) -> String {
        let colour: Terminal.Colour = fault.severity == .error ? .red : fault.severity == .warning ? .yellow : .dim
        let place = Escape.terminal("\(fault.file):\(fault.line):\(fault.column)")
        let word = Terminal.paint("\(fault.severity.rawValue) \(fault.rule.id)", colour)
        return """
            \(place): \(word): \(Escape.terminal(fault.message))
              why: \(fault.rule.reason)
              fix: \(Escape.terminal(fault.hint))
            """
    }

    private static func loops(_ loops: [LoopBound]) -> String {
        let rows = loops.map { loop in
            let place = Finding(.noBound, loop.path, "", hint: "").place
            return "  \(loop.what): at most \(loop.most.grouped) (\(place))"
        }
        return (["Everything that repeats or fans out:"] + rows.map { Escape.terminal($0) }).joined(separator: "\n")
    }

    /// All rules, one a line.
    static var rules: String {
        Rule.all.map { "\($0.id)  \($0.severity.rawValue.padded(to: 7))  \($0.name): \($0.title)" }
            .joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// The worst case, for a person to read.
enum BoundsText {
    static func text(_ bounds: Bounds) -> String {
        var lines = [bounds.summary, ""] + bounds.derivation.map { "  " + $0 }
        if !bounds.exceeded.isEmpty {
            lines += ["", "More than the brief allows; a run would stop there:"] + bounds.exceeded.map { "  ✗ " + $0 }
        }
        return lines.joined(separator: "\n")
    }
}
