// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Reads the body of one response into a translator, whether it is a stream of events or one JSON text.
struct AnswerReader<Translator: EventTranslator>: Sendable {
    private(set) var translator: Translator
    private var form: Form
    private var parser = SSEParser()
    private var whole: [UInt8] = []
    /// Whether nothing has come so far that is seen.
    private var isBlank = true

    /// What a body is made of.
    enum Form: Hashable, Sendable {
        case events
        case whole
    }

    /// Looks at the head of the response.
    ///
    /// - Throws: ``PerformerError`` with `.protocolViolation` when the body can be no answer: a page, or compressed.
    init(translator: Translator, headers: [HTTPHeader]) throws(PerformerError) {
        self.translator = translator
        if let encoding = headers.value(of: "content-encoding")?.trimmed.lowercased(),
            !["", "identity"].contains(encoding)
        {
            throw PerformerError(.protocolViolation, "the answer is compressed (\(encoding.boundedLine(40)))")
        }
        let type = headers.value(of: "content-type")?.split(separator: ";").first.map {
            String($0).trimmed.lowercased()
        }
        switch type {
        case "text/event-stream", nil, "": form = .events
        case "application/json": form = .whole
        case let type?:
            let page = type == "text/html" ? "a page of HTML" : type.boundedLine(60)
            throw PerformerError(.protocolViolation, "the answer is \(page), not a stream of events or JSON")
        }
    }

    /// Takes the next bytes.
    mutating func feed(_ bytes: [UInt8]) throws(PerformerError) {
        switch form {
        case .events:
            if isBlank, let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
                guard first != UInt8(ascii: "<") else {
                    throw PerformerError(.protocolViolation, "the answer is a page of HTML, not a stream of events")
                }
                isBlank = false
            }
            for event in try parser.feed(bytes) { try translator.take(event) }
            if let fault = parser.fault { throw fault }
        case .whole:
            guard whole.count + bytes.count <= SSEParser.maximumTotal else {
                throw PerformerError(.tooLarge, "the answer is longer than \(SSEParser.maximumTotal) bytes")
            }
            whole += bytes
        }
    }

    /// Takes the end of the body.
    ///
    /// - Throws: ``PerformerError`` with `.incomplete` when the answer has no end.
    mutating func end() throws(PerformerError) {
        if form == .whole {
            do {
                try translator.take(whole: try JSONValue(parsing: whole))
            } catch let error as JSONError {
                // A fault at the very end is a text that was cut off; anything else never was JSON.
                guard error.offset < whole.count else {
                    throw PerformerError(.incomplete, "the answer was cut off", retry: .later(nil))
                }
                throw PerformerError(
                    .protocolViolation,
                    "the answer is not JSON: \(error.description.boundedLine(120))"
                )
            } catch let error as PerformerError {
                throw error
            } catch {
                throw PerformerError(.protocolViolation, "the answer is not JSON")
            }
        }
        guard translator.isComplete else { throw cutOff("the connection ended before the answer did") }
    }

    /// Whether the sign of the end has come, so that nothing that happens to the connection now matters.
    var isComplete: Bool { translator.isComplete }

    /// The error for an answer without an end, with the last words that came.
    func cutOff(_ message: String) -> PerformerError {
        let answer = translator.answer
        let last = answer.text.isEmpty ? "" : ", the last of them “\(String(answer.text.suffix(60)).boundedLine(70))”"
        return PerformerError(.incomplete, "\(message), after \(answer.byteCount) bytes\(last)", retry: .later(nil))
    }
}

extension Profile.Delivery {
    /// What is asked for; an answer is read as what it is all the same.
    var mediaType: String {
        switch self {
        case .stream: "text/event-stream"
        case .whole: "application/json"
        }
    }
}
