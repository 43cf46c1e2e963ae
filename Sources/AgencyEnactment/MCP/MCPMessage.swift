// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// One message of JSON-RPC 2.0 as it came in.
///
/// > Source: <https://www.jsonrpc.org/specification>; identifiers as in the Model Context Protocol, never null.
enum MCPMessage: Hashable, Sendable {
    case answer(id: Int64, result: JSONValue)
    case refusal(id: Int64?, code: Int64, message: String)
    case request(id: JSONValue, method: String)
    case notification(method: String, parameters: JSONValue)

    /// Reads a message.
    ///
    /// - Throws: ``MCPFault`` when it is none, with what is wrong with it.
    init(_ json: JSONValue) throws(MCPFault) {
        guard let object = json.object else { throw MCPFault("a message that is no object") }
        guard object["jsonrpc"]?.string == "2.0" else { throw MCPFault("a message that is not of JSON-RPC 2.0") }
        if let method = object["method"] {
            guard let method = method.string, (1...256).contains(method.utf8.count) else {
                throw MCPFault("a message whose method is no name")
            }
            guard let id = object["id"] else {
                self = .notification(method: method, parameters: object["params"] ?? .null)
                return
            }
            guard id.integer != nil || (id.string?.utf8.count ?? .max) <= 256 else {
                throw MCPFault("a request whose id is neither a number nor a short text")
            }
            self = .request(id: id, method: method)
            return
        }
        if let error = object["error"] {
            guard object["result"] == nil, let code = error["code"]?.integer, let message = error["message"]?.string
            else {
                throw MCPFault("an error that has not the form of one")
            }
            // What cannot be read at all is answered without an id.
            let id = object["id"] ?? .null
            guard id == .null || id.integer != nil else { throw MCPFault("an answer to nothing that was asked") }
            self = .refusal(id: id.integer, code: code, message: message)
            return
        }
        guard let result = object["result"] else { throw MCPFault("a message that is neither question nor answer") }
        guard let id = object["id"]?.integer else { throw MCPFault("an answer to nothing that was asked") }
        self = .answer(id: id, result: result)
    }

    static func request(_ id: Int64, _ method: String, _ parameters: JSONValue) -> [UInt8] {
        let json: JSONValue = [
            "jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": parameters,
        ]
        return json.compactBytes
    }

    static func notification(_ method: String, _ parameters: JSONValue? = nil) -> [UInt8] {
        var json: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
        json["params"] = parameters
        return JSONValue.object(json).compactBytes
    }

    static func answer(_ id: JSONValue, _ result: JSONValue) -> [UInt8] {
        let json: JSONValue = ["jsonrpc": "2.0", "id": id, "result": result]
        return json.compactBytes
    }

    static func refusal(_ id: JSONValue, _ code: Int64, _ message: String) -> [UInt8] {
        let json: JSONValue = [
            "jsonrpc": "2.0", "id": id, "error": ["code": .integer(code), "message": .string(message)],
        ]
        return json.compactBytes
    }
}

/// What a server did that it must not; the session with it is over.
struct MCPFault: Error, Hashable, Sendable {
    let what: String

    init(_ what: String) { self.what = what }
}
