// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration

extension FuzzTarget {
    /// An architecture that is read prints and reads again to the same, and the check of any text comes to an end.
    static let architecture = FuzzTarget(name: "architecture", longest: 8192) { bytes in
        let read = try readable(bytes, Declaration.print) { bytes throws(DeclarationError) in
            try Declaration.readArchitecture(bytes: bytes, file: "a")
        }
        let report = Declaration.check(Sheets(architecture: .init(file: "a", bytes: bytes)))
        try hold("the check passes what cannot be read", read != nil || !report.passes)
        try placed(report.faults)
    }

    /// A brief that is read prints and reads again to the same.
    static let brief = FuzzTarget(name: "brief", longest: 8192) { bytes in
        try readable(bytes, Declaration.print) { bytes throws(DeclarationError) in
            try Declaration.readBrief(bytes: bytes, file: "b")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        _ = try? Declaration.readGoals(text: text, file: "g")
    }

    /// Profiles and servers of tools that are read print and read again to the same.
    static let profiles = FuzzTarget(name: "profiles", longest: 8192) { bytes in
        let read = try readable(bytes, Declaration.print) { bytes throws(DeclarationError) in
            try Declaration.readProfiles(bytes: bytes, file: "p")
        }
        guard let read else { return }
        let servers = try Declaration.readToolServers(bytes: bytes, file: "p")
        let printed = Declaration.print(read) + (servers.isEmpty ? "" : Declaration.print(servers))
        let again = try Declaration.readToolServers(bytes: Array(printed.utf8), file: "q")
        try hold("printed, the servers read as others:\n\(printed)", again == servers)
    }

    /// Settings of the check that are read can be used with any architecture.
    static let settings = FuzzTarget(name: "settings", longest: 4096) { bytes in
        let read = outcome { () throws(DeclarationError) in
            try Declaration.readCheckSettings(bytes: bytes, file: "s")
        }
        if case .failure(let error) = read { try placed(error.faults) }
        let sheets = Sheets(
            architecture: .init(file: "a", text: "architecture: nothing\nroles: {}\nflow: []\n"),
            settings: .init(file: "s", bytes: bytes)
        )
        try placed(Declaration.check(sheets).faults)
    }

    @discardableResult
    private static func readable<Value: Equatable>(
        _ bytes: [UInt8],
        _ print: (Value) -> String,
        _ read: ([UInt8]) throws(DeclarationError) -> Value
    ) throws -> Value? {
        switch outcome({ () throws(DeclarationError) in try read(bytes) }) {
        case .success(let value):
            let printed = print(value)
            let again = try outcome { () throws(DeclarationError) in try read(Array(printed.utf8)) }.get()
            try hold("what it prints of itself reads as something else:\n\(printed)", again == value)
            return value
        case .failure(let error):
            try hold("it is refused without a fault", !error.faults.isEmpty)
            try placed(error.faults)
            return nil
        }
    }

    private static func placed(_ faults: [Fault]) throws(Broken) {
        for fault in faults {
            let isPlaced = fault.line > 0 && fault.column > 0 && !fault.message.isEmpty
            try hold("a fault without a place: \(fault)", isPlaced)
        }
    }
}
