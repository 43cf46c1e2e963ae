// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Takes a `text/event-stream` apart, byte by byte, in bounded memory.
///
/// Lines end in LF, CR or CRLF in any mixture; a chunk may end anywhere, even inside a character. An event that is not
/// closed by an empty line is never delivered.
///
/// > Source: HTML Standard, section 9.2.6 <https://html.spec.whatwg.org/multipage/server-sent-events.html>. Beyond it, bytes
/// > that are not UTF-8 are refused rather than replaced, and lengths are bounded.
public struct SSEParser: Sendable {
    /// The longest line in bytes, unless told otherwise.
    public static let maximumLine = 1 << 20
    /// The longest stream in bytes, unless told otherwise.
    public static let maximumTotal = 10 << 20

    /// What ended the stream before its end; the events before it count all the same, wherever the stream was cut.
    public private(set) var fault: PerformerError?
    private let maximumLine: Int
    private let maximumTotal: Int
    /// The bytes taken so far.
    public private(set) var count = 0
    private var line: [UInt8] = []
    private var afterCarriageReturn = false
    private var isFirstLine = true
    private var event = ""
    /// The lines of data of the event so far, each with its end.
    private var data: [UInt8] = []
    private var id = ""

    /// Makes a parser at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - maximumLine: The longest line in bytes.
    ///   - maximumTotal: The longest stream in bytes.
    public init(maximumLine: Int = Self.maximumLine, maximumTotal: Int = Self.maximumTotal) {
        self.maximumLine = maximumLine
        self.maximumTotal = maximumTotal
    }

    /// Takes the next bytes and returns the events that they complete.
    ///
    /// - Throws: ``PerformerError`` with `.tooLarge` when a line or the stream is too long, `.protocolViolation` when a line
    ///   is not UTF-8. The stream is of no further use then. Events that come before a fault in the same bytes are
    ///   returned; ``fault`` is set then, and the next call throws it.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws(PerformerError) -> [SSEEvent] {
        if let fault { throw fault }
        var events: [SSEEvent] = []
        do throws(PerformerError) {
            try take(bytes, &events)
        } catch {
            fault = error
            if events.isEmpty { throw error }
        }
        return events
    }

    private mutating func take(_ bytes: some Sequence<UInt8>, _ events: inout [SSEEvent]) throws(PerformerError) {
        var rest = Array(bytes)[...]
        while let byte = rest.first {
            guard byte == 0x0A || byte == 0x0D else {
                // A line is long beside its end, and is taken over in one piece.
                let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
                try take(plain: rest[..<end])
                rest = rest[end...]
                continue
            }
            try count(1)
            rest = rest.dropFirst()
            let isRestOfEnd = byte == 0x0A && afterCarriageReturn
            afterCarriageReturn = byte == 0x0D
            if !isRestOfEnd, let event = try endLine() { events.append(event) }
        }
    }

    private mutating func take(plain bytes: ArraySlice<UInt8>) throws(PerformerError) {
        afterCarriageReturn = false
        let room = maximumLine - line.count
        // What is too long first is what is complained about.
        try count(min(bytes.count, room + 1))
        guard bytes.count <= room else {
            throw PerformerError(.tooLarge, "a line of the stream is longer than \(maximumLine) bytes")
        }
        line += bytes
    }

    private mutating func count(_ bytes: Int) throws(PerformerError) {
        count += bytes
        guard count <= maximumTotal else {
            throw PerformerError(.tooLarge, "the stream is longer than \(maximumTotal) bytes")
        }
    }

    private mutating func endLine() throws(PerformerError) -> SSEEvent? {
        defer {
            line.removeAll(keepingCapacity: true)
            isFirstLine = false
        }
        let bytes = isFirstLine && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line[...]
        guard !bytes.isEmpty else { return endEvent() }
        guard (try? UTF8Span(validating: bytes.span)) != nil else {
            throw PerformerError(.protocolViolation, "the stream is not UTF-8")
        }
        guard bytes.first != UInt8(ascii: ":") else { return nil }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        var value = bytes[colon...].dropFirst()
        if value.first == 0x20 { value = value.dropFirst() }
        take(field: String(decoding: bytes[..<colon], as: UTF8.self), value: value)
        return nil
    }

    private mutating func take(field: String, value: ArraySlice<UInt8>) {
        switch field {
        case "data":
            data += value
            data.append(0x0A)
        case "event": event = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        default: break
        }
    }

    private mutating func endEvent() -> SSEEvent? {
        defer {
            event = ""
            data.removeAll(keepingCapacity: true)
        }
        guard !data.isEmpty else { return nil }
        let text = String(decoding: data.dropLast(), as: UTF8.self)
        return SSEEvent(event: event.isEmpty ? "message" : event, data: text, id: id)
    }
}
