// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension Bench {
    /// Writes a file below the root.
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/" + name))
    }

    /// Reads a file below the root; empty when there is none.
    func text(_ name: String) -> String {
        FileManager.default.contents(atPath: root + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + name) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: root + "/" + name) }

    /// Replaces a passage of a file that must be there.
    func edit(_ name: String, _ passage: String, _ replacement: String) throws {
        let before = text(name)
        guard before.contains(passage) else { throw CocoaError(.fileReadCorruptFile) }
        try write(name, before.replacingOccurrences(of: passage, with: replacement))
    }

    /// Has role.py make its trouble from now on, or no longer.
    func raiseFlag() throws { try write("flag", "") }
    func lowerFlag() throws { try remove("flag") }

    /// The performances so far, each as `episode turn`.
    var performances: [String] { text("diary").split(separator: "\n").map(String.init) }

    /// What there is in the workspace: the text of each file and the rows of the database.
    func contents() async throws -> [String: String] {
        var contents: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: workspace) where name != ".git" {
            contents[name] =
                name == "shop.db" ? try await script("shop.py", workspace + "/shop.db") : text("ws/" + name)
        }
        return contents
    }

    /// Waits until something is so, for half a minute at most.
    func wait(until isSo: () throws -> Bool) async throws {
        for _ in 0..<1500 {
            if try isSo() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CancellationError()
    }
}
