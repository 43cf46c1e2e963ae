// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore

/// The rows that a statement returned, copied out of the client library.
struct PostgresRows: Sendable {
    /// One row.
    struct Row {
        fileprivate let cells: ArraySlice<[UInt8]?>

        private subscript(index: Int) -> [UInt8]? { cells[cells.startIndex + index] }

        func octets(_ index: Int) -> [UInt8]? { self[index] }

        func text(_ index: Int) -> String? { self[index].map { String(decoding: $0, as: UTF8.self) } }

        func digest(_ index: Int) -> Digest? { self[index].flatMap { Digest(octets: $0) } }

        func flag(_ index: Int) -> Bool? {
            guard let bytes = self[index], bytes.count == 1 else { return nil }
            return bytes[0] != 0
        }

        func number(_ index: Int) -> Int64? {
            guard let bytes = self[index], bytes.count == 8 else { return nil }
            return Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }

    private let columns: Int
    private var cells: [[UInt8]?] = []
    private(set) var count = 0

    init(columns: Int) { self.columns = columns }

    mutating func reserve(_ rows: Int) { cells.reserveCapacity(rows * columns) }

    mutating func append(cell: [UInt8]?) { cells.append(cell) }
    mutating func endRow() { count += 1 }

    var first: Row? { count > 0 ? self[0] : nil }

    subscript(index: Int) -> Row { Row(cells: cells[(index * columns)..<((index + 1) * columns)]) }

    func map<Value, Failure: Error>(_ body: (Row) throws(Failure) -> Value) throws(Failure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<count { values.append(try body(self[index])) }
        return values
    }
}
#endif
