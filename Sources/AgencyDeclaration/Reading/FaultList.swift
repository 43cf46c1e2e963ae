// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The faults found in one reading of one file.
final class FaultList {
    let file: String
    private(set) var faults: [Fault] = []
    /// The names that each mapping was asked for, by what the mapping is; the schemas must agree with it.
    private(set) var known: [String: [String]] = [:]

    init(file: String) { self.file = file }

    var isEmpty: Bool { faults.isEmpty }
    var isFull: Bool { faults.count >= Self.most }

    /// Beyond this many, a file is not a declaration with faults but something else.
    static let most = 100

    func add(_ mark: Mark, _ message: String, hint: String) {
        let fault = Fault(file: file, line: mark.line, column: mark.column, message: message, hint: hint)
        guard faults.count < Self.most, !faults.contains(fault) else { return }
        faults.append(fault)
    }

    func note(_ keys: [String], of what: String) { known[what] = keys }

    /// Adds broken rules, each at the part of a tree that its path leads to.
    func add(_ broken: [Finding], in root: Node) {
        for finding in broken {
            let fault = Fault(finding, at: root.mark(of: finding.path), of: file)
            guard faults.count < Self.most, !faults.contains(fault) else { continue }
            faults.append(fault)
        }
    }

    var error: DeclarationError { DeclarationError(faults: faults.inOrder) }

    /// Gives what was read, or throws what was found.
    func finish<Value>(_ value: Value?) throws(DeclarationError) -> Value {
        if isEmpty, let value { return value }
        if isEmpty { add(.start, "nothing could be read", hint: "compare with the examples in the documentation") }
        throw error
    }
}

extension Fault {
    init(_ finding: Finding, at mark: Mark, of file: String, fingerprint: String = "") {
        self.init(
            file: file,
            line: mark.line,
            column: mark.column,
            message: finding.message,
            hint: finding.hint,
            rule: finding.rule,
            severity: finding.severity,
            fingerprint: fingerprint
        )
    }
}

extension [Fault] {
    /// The faults of one file, in the order of their places.
    var inOrder: [Fault] {
        enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}
