// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs some work with a directory of its own, which is removed afterwards.
func withTemporaryDirectory<Result>(_ work: (String) async throws -> Result) async throws -> Result {
    let path = NSTemporaryDirectory() + "performers-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await work(path)
}
