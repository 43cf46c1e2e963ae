// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyRuntime
import Foundation

/// A file that appears under its name only when all of it is there.
final class DraftFile {
    private let path: String
    private let draft: String
    private let handle: FileHandle
    private var buffer = Data()
    private var isKept = false

    /// Begins a file that must not be there yet, readable by its owner only.
    ///
    /// - Throws: `RuntimeError` with `.badInput` when it is there, `.unavailable` when it cannot be made.
    init(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw RuntimeError(.badInput, "\(path) is there already, and is left as it is")
        }
        self.path = path
        draft = "\(path).\(getpid()).draft"
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: draft)
        else { throw RuntimeError(.unavailable, "\(path) cannot be written") }
        self.handle = handle
    }

    deinit {
        try? handle.close()
        if !isKept { try? FileManager.default.removeItem(atPath: draft) }
    }

    func write(_ bytes: [UInt8]) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 20 { try flush() }
    }

    /// Gives the file its name, when its bytes are on the disk.
    func keep() throws {
        try flush()
        do {
            try handle.synchronize()
            try FileManager.default.moveItem(atPath: draft, toPath: path)
        } catch {
            throw RuntimeError(.unavailable, "\(path) cannot be written: \(error.localizedDescription)", cause: error)
        }
        isKept = true
    }

    private func flush() throws {
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            throw RuntimeError(.unavailable, "\(path) cannot be written: \(error.localizedDescription)", cause: error)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
