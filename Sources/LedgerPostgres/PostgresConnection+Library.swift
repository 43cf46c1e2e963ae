// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import CLibpq

extension PostgresConnection {
    /// Begins to connect.
    ///
    /// Our defaults come before the connection string, which may change them; what must hold comes after it.
    static func start(_ location: PostgresLocation) -> OpaquePointer? {
        let settings = [
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"), ("fallback_application_name", "agency"),
            ("dbname", location.text),
            // Standbys may show a past that never was; every decision rests on the one that is written to.
            ("client_encoding", "UTF8"), ("target_session_attrs", "read-write"),
        ]
        return withCStrings(settings.map(\.0)) { keys in
            withCStrings(settings.map(\.1)) { values in PQconnectStartParams(keys, values, 1) }
        }
    }

    static func send(_ name: String, _ parameters: PostgresParameters, over raw: OpaquePointer) -> Bool {
        let count = parameters.ranges.count
        let lengths = parameters.ranges.map { Int32($0.count) }
        let formats = [Int32](repeating: 1, count: count)
        return parameters.bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                var empty: CChar = 0
                return withUnsafePointer(to: &empty) { empty in
                    // A parameter without an address is NULL; one without bytes is not.
                    let values = parameters.ranges.map { range in
                        range.isEmpty ? empty : buffer.baseAddress.map { $0 + range.lowerBound }
                    }
                    return PQsendQueryPrepared(raw, name, Int32(count), values, lengths, formats, 1) == 1
                }
            }
        }
    }

    static func rows(_ result: OpaquePointer) -> PostgresRows {
        let columns = PQnfields(result)
        let count = PQntuples(result)
        var rows = PostgresRows(columns: Int(columns))
        rows.reserve(Int(count))
        for row in 0..<count {
            for column in 0..<columns {
                guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
                    rows.append(cell: nil)
                    continue
                }
                let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
                rows.append(cell: Array(bytes))
            }
            rows.endRow()
        }
        return rows
    }

    static func refusal(_ result: OpaquePointer, _ raw: OpaquePointer) -> PostgresFault {
        guard let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else { return .lost(message(raw)) }
        let text = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? ""
        return .refused(state: String(cString: state), message: oneLine(text))
    }

    /// Why connecting failed; the library keeps no code for it, so that only what is surely final is told apart.
    static func failure(_ raw: OpaquePointer) -> PostgresFault {
        let text = message(raw)
        if PQconnectionNeedsPassword(raw) == 1 { return .refused(state: "28P01", message: text) }
        for (part, state) in [
            ("password authentication failed", "28P01"), ("no pg_hba.conf entry", "28000"),
            ("Peer authentication failed", "28000"), ("too many clients", "53300"),
            ("remaining connection slots", "53300"),
        ] where text.contains(part) { return .refused(state: state, message: text) }
        if text.contains("FATAL:"), text.contains("does not exist") {
            return .refused(state: text.contains("role ") ? "28000" : "3D000", message: text)
        }
        return .unreachable(text)
    }

    static func message(_ raw: OpaquePointer) -> String {
        let text = oneLine(String(cString: PQerrorMessage(raw)))
        return text.isEmpty ? "the connection ended" : text
    }

    /// What the server says is shown to people, so it gets one line of bounded length.
    private static func oneLine(_ text: String) -> String {
        let line = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return String(String(line).split(separator: " ").joined(separator: " ").prefix(300))
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            bytes += string.utf8CString
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
            return pointers.withUnsafeBufferPointer { list in
                guard let base = list.baseAddress else { preconditionFailure("an array with elements has an address") }
                return body(base)
            }
        }
    }
}
#endif
