// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// What all providers' errors have in common: the statuses of HTTP, `Retry-After`, and a message that is safe to show.
struct ErrorReading: Sendable {
    /// The key, which is cut out of every message.
    var key: String?
    /// The longest message in characters.
    static let messageLimit = 300

    /// The code that a status stands for; `nil` for a success.
    func code(status: Int) -> PerformerError.Code? {
        switch status {
        case 200..<300: nil
        case 401, 402, 403: .unauthorized
        case 408: .timeout
        case 429: .rateLimited
        case 400..<500, 501, 505: .badRequest
        case 500..<600: .overloaded
        default: .protocolViolation
        }
    }

    /// Makes the error with a safe message and the right advice on trying again.
    func error(_ code: PerformerError.Code, _ message: String, after pause: Duration? = nil) -> PerformerError {
        let waits: Set<PerformerError.Code> = [.rateLimited, .overloaded, .timeout, .incomplete, .unreachable]
        return PerformerError(code, safe(message), retry: waits.contains(code) ? .later(pause) : .never)
    }

    /// Bounds a message, draws control characters and takes the key out.
    func safe(_ message: String) -> String {
        // Bounded before the search; what a cut leaves of a key lies far beyond what is shown.
        var message = String(String.UnicodeScalarView(message.unicodeScalars.prefix(1 << 16)))
        if let key { message = message.redacting(key) }
        return message.boundedLine(Self.messageLimit)
    }

    /// The message in the body of an error, whatever shape the body has.
    func message(in body: [UInt8], status: Int) -> (text: String, object: JSONValue?) {
        let json = try? JSONValue(parsing: body.prefix(1 << 20))
        let object = json?["error"] ?? json
        let text =
            object?["message"]?.string ?? object?.string ?? json?["message"]?.string ?? json?["detail"]?.string
            ?? String(decoding: body.prefix(1 << 16), as: UTF8.self)
        return (text.isEmpty ? "status \(status)" : "status \(status): \(text)", object)
    }

    /// How long the other side asks to wait: seconds or a date, at most a minute; `nil` when it asks nothing sensible.
    ///
    /// A date is read against the response's own `Date`, so that the clocks need not agree.
    ///
    /// > Source: RFC 9110, section 10.2.3 <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>.
    static func retryAfter(_ headers: [HTTPHeader]) -> Duration? {
        guard let value = headers.value(of: "retry-after")?.trimmed, !value.isEmpty else { return nil }
        if let seconds = Double(value) {
            guard seconds.isFinite, seconds >= 0 else { return seconds == .infinity ? .seconds(60) : nil }
            return .seconds(min(seconds, 60))
        }
        guard let date = headers.value(of: "date").flatMap({ HTTPDate.seconds($0.trimmed) }),
            let until = HTTPDate.seconds(value), until >= date
        else { return nil }
        return .seconds(min(until - date, 60))
    }

    /// Whether a message says that the request does not fit into the model's context.
    static func tellsOfContext(_ message: String) -> Bool {
        let text = message.prefix(2000).lowercased()
        return [
            "prompt is too long", "maximum context length", "context length", "context window", "exceed context limit",
            "context size",
        ].contains { text.contains($0) }
    }
}

extension String {
    /// This text without spaces and tabs at its ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
