// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import OpenAgency

/// What the disk and SQLite take by themselves: no ledger on this machine can be durable faster, one append at a time.
enum Floor {
    static func measure(count: Int) throws {
        try withFolder { folder in
            let appends = try Sample(syncedAppends(folder + "/appended", count: count))
            Figure.report("floor: append 4 KiB and fdatasync, p50", appends.median * 1e6, "µs")
            Figure.report("floor: append 4 KiB and fdatasync, p99", appends.quantile(0.99) * 1e6, "µs")
            let commits = try Sample(commits(folder + "/floor.sqlite", count: count))
            Figure.report("floor: SQLite WAL FULL, a row of 1 KiB and a commit, p50", commits.median * 1e6, "µs")
            Figure.report(
                "floor: SQLite WAL FULL, a row of 1 KiB and a commit, p99",
                commits.quantile(0.99) * 1e6,
                "µs"
            )
        }
    }

    /// The bytes of a database that nobody has open, with what is still in its write-ahead log.
    static func sizeInBytes(_ path: String) throws -> Int {
        try DatabaseQueue(path: path).writeWithoutTransaction { db in
            _ = try db.checkpoint(.truncate)
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            return try pages * (Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
    }

    private static func syncedAppends(_ path: String, count: Int) throws -> [Double] {
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        let block = [UInt8](repeating: 7, count: 4096)
        return try (0..<count).map { _ in
            try seconds {
                guard write(file, block, block.count) == block.count, fdatasync(file) == 0 else {
                    throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
                }
            }
        }
    }

    private static func commits(_ path: String, count: Int) throws -> [Double] {
        let queue = try DatabaseQueue(path: path)
        return try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "CREATE TABLE rows (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
            let row = Data(repeating: 7, count: 1024)
            let insert = try db.makeStatement(sql: "INSERT INTO rows (bytes) VALUES (?)")
            return try (0..<count).map { _ in try seconds { try insert.execute(arguments: [row]) } }
        }
    }
}

/// Runs some work with a new folder for ledgers, which is removed afterwards.
func withFolder<Result>(_ work: (_ path: String) throws -> Result) throws -> Result {
    let path = try newFolder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try work(path)
}

/// Runs some work with a new folder for ledgers, which is removed afterwards.
func withFolder<Result>(_ work: (_ path: String) async throws -> Result) async throws -> Result {
    let path = try newFolder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await work(path)
}

private func newFolder() throws -> String {
    var template = (FileManager.default.temporaryDirectory.path + "/openagency-XXXXXX").utf8CString.map { $0 }
    guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
