// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation

/// A small file by which one process of this machine tells others something that is not on the record.
enum NoteFile {
    private static let most = 1 << 20

    /// Writes it in the place of what was told before; what cannot be written is not told.
    static func write(_ note: some Encodable, to path: String) {
        guard let bytes = try? JSONValue(encoding: note).canonicalBytes else { return }
        try? Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Reads it; `nil` where nothing is told.
    static func read<Note: Decodable>(_ path: String) -> Note? {
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: most) else {
            return nil
        }
        return try? JSONValue(parsing: Array(bytes)).decode()
    }

    /// Forgets it.
    static func remove(_ path: String) { unlink(path) }
}
