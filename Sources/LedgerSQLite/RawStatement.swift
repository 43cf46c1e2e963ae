// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import GRDB
import GRDBSQLite

/// A prepared statement that is bound and stepped through SQLite's own interface.
///
/// GRDB prepares it, and finalises it when the connection closes. Going through GRDB's arguments and rows as well would
/// copy every blob into a `Data` and back, which takes longer than SQLite takes to insert or to read a small event.
struct RawStatement {
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }

    /// Takes the statement from the connection's cache.
    init(_ sql: String, in db: Database) throws { statement = try db.cachedStatement(sql: sql) }

    /// Binds what a body binds, and runs the statement to its end without looking at rows.
    func run(_ bind: (borrowing Binding) throws -> Void) throws {
        try bind(Binding(handle: handle))
        defer { reset() }
        while try step() {}
    }

    /// Binds what a body binds, and calls another for each row until that returns `false`.
    func forEach(_ bind: (borrowing Binding) throws -> Void, _ visit: (borrowing Columns) throws -> Bool) throws {
        try bind(Binding(handle: handle))
        defer { reset() }
        while try step(), try visit(Columns(handle: handle)) {}
    }

    private func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let connection = sqlite3_db_handle(handle)
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: sqlite3_errmsg(connection).map { String(cString: $0) }
            )
        }
    }

    /// What `sqlite3_reset` returns is the error of the step before, which was thrown then.
    private func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// The parameters of a statement, counted from 1.
    struct Binding: ~Copyable {
        fileprivate let handle: OpaquePointer

        func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

        func bind(_ value: Int, at index: Int32) { bind(Int64(value), at: index) }

        /// Binds a text, which is copied.
        func bind(_ text: String, at index: Int32) {
            var text = text
            text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { characters in
                    // An empty text has an address all the same, or it would be NULL.
                    let start = characters.baseAddress ?? UnsafePointer(bitPattern: 1)
                    _ = sqlite3_bind_text64(
                        handle,
                        index,
                        start,
                        UInt64(characters.count),
                        Self.transient,
                        UInt8(SQLITE_UTF8)
                    )
                }
            }
        }

        /// Binds a digest, which is copied.
        func bind(_ digest: Digest, at index: Int32) {
            digest.withUnsafeOctets { _ = sqlite3_bind_blob(handle, index, $0.baseAddress, 32, Self.transient) }
        }

        /// Binds bytes that stay where they are until the statement has run.
        func bind(borrowed bytes: UnsafeRawBufferPointer, at index: Int32) {
            if let start = bytes.baseAddress, !bytes.isEmpty {
                sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), nil)
            } else {
                // A blob without an address would be NULL.
                sqlite3_bind_zeroblob(handle, index, 0)
            }
        }

        private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
    }

    /// The columns of a row, counted from 0; they are read as what they are and never converted.
    struct Columns: ~Copyable {
        fileprivate let handle: OpaquePointer

        func integer(_ index: Int32) -> Int64? {
            sqlite3_column_type(handle, index) == SQLITE_INTEGER ? sqlite3_column_int64(handle, index) : nil
        }

        func text(_ index: Int32) -> String? {
            guard sqlite3_column_type(handle, index) == SQLITE_TEXT, let start = sqlite3_column_text(handle, index)
            else { return nil }
            let count = Int(sqlite3_column_bytes(handle, index))
            return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
        }

        func digest(_ index: Int32) -> Digest? { blob(index) { Digest(octets: $0) } ?? nil }

        func octets(_ index: Int32) -> [UInt8]? { blob(index) { Array($0) } }

        /// Adds the bytes of a blob to others; of anything else, nothing.
        func append(_ index: Int32, to bytes: inout [UInt8]) { _ = blob(index) { bytes.append(contentsOf: $0) } }

        private func blob<Value>(_ index: Int32, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
            guard sqlite3_column_type(handle, index) == SQLITE_BLOB else { return nil }
            // An empty blob has no address in SQLite and must not be taken for NULL.
            let start = sqlite3_column_blob(handle, index)
            return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))))
        }
    }
}
