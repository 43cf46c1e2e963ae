// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of a test's own.
public enum TemporaryDirectory {
    /// Makes a new empty folder with mode 0700 and returns its path; removing it is for the caller.
    ///
    /// - Throws: `POSIXError` when it cannot be made; check `TMPDIR`.
    public static func make() throws -> String {
        let pattern = FileManager.default.temporaryDirectory.appendingPathComponent("openagency-XXXXXX").path
        var template = pattern.utf8CString.map { $0 }
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a folder and all that is in it; one that is gone already is no fault.
    public static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Runs a body with the path of a new empty folder, and removes the folder afterwards, whatever happened.
///
/// - Throws: what the body throws, or `POSIXError` when the folder cannot be made.
public func withTemporaryDirectory<Result>(
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let path = try TemporaryDirectory.make()
    defer { TemporaryDirectory.remove(path) }
    return try await body(path)
}
