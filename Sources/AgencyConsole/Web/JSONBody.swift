// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencySchema
import Hummingbird

/// What a program sends: one JSON object, in which every member is known.
struct JSONBody {
    private let object: JSONValue

    /// The most bytes of one.
    static let most = 64 << 10

    /// Reads the body of a request.
    ///
    /// - Throws: ``Fault`` for anything that is no JSON object, or too long.
    init(_ request: Request) async throws {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { String($0).lowercased() }
        guard type == "application/json" else {
            throw Fault(.unsupportedMediaType, "Send JSON, and say so: content-type: application/json.")
        }
        guard let body = try? await request.bytes(upTo: Self.most),
            let json = try? JSONValue(parsing: Array(body.readableBytesView)), case .object = json
        else { throw Fault(.badRequest, "That is no JSON object of at most \(Self.most >> 10) KiB.") }
        object = json
    }

    /// Whether there is anything under a name.
    func has(_ name: String) -> Bool { object[name] != nil }

    /// Whatever stands under a name.
    ///
    /// - Throws: ``Fault`` where it is not what is wanted.
    func value<Value: Decodable>(_ name: String, _ what: String) throws -> Value {
        guard let json = object[name] else { throw Fault(.badRequest, "“\(name)” is \(what).") }
        do {
            return try json.decode()
        } catch {
            throw Fault(.badRequest, "“\(name)” is \(what): \(error)")
        }
    }

    /// A text of so many characters, without what is around it.
    ///
    /// - Throws: ``Fault`` where it is not there, empty, too long or no text.
    func text(_ name: String, most: Int) throws -> String {
        guard let text = object[name]?.string?.trimmingWhitespace, !text.isEmpty, text.count <= most else {
            throw Fault(.badRequest, "“\(name)” is a text of 1 to \(most) characters.")
        }
        return text
    }
}
#endif
