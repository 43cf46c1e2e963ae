// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Something wrong in a file that a person wrote, with the place and what to do about it.
public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The file as the reader was told it is called.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// The column in Unicode scalars, counted from 1.
    public var column: Int
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var hint: String
    /// The rule that is broken.
    public var rule: Rule
    /// What the fault does to whoever wants to use the file.
    public var severity: Severity
    /// What the fault is recognised by when lines have moved; empty where the file could not be read.
    public var fingerprint: String

    /// Makes a fault.
    public init(
        file: String,
        line: Int,
        column: Int,
        message: String,
        hint: String,
        rule: Rule = .unreadable,
        severity: Severity = .error,
        fingerprint: String = ""
    ) {
        self.rule = rule
        self.severity = severity
        self.fingerprint = fingerprint
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    /// `file:line:column: message [rule]`, and the hint on a line of its own.
    public var description: String {
        let word = severity == .error ? "" : severity.rawValue + ": "
        return "\(file):\(line):\(column): \(word)\(message) [\(rule.id)]\n  hint: \(hint)"
    }
}

/// Why a declaration cannot be used: every fault that could be found in one reading.
public struct DeclarationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The faults in the order of the file; never empty.
    public var faults: [Fault]

    /// Makes an error.
    public init(faults: [Fault]) { self.faults = faults }

    /// All faults, one after another.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
