// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyRuntime
import AgencySchema

/// Reads what a person wrote as JSON; every fault says where it is.
enum JSONFile {
    /// Reads a value.
    ///
    /// - Throws: `RuntimeError` with `.badInput` when the file cannot be read or holds something else.
    static func read<Value: Decodable>(
        _ type: Value.Type,
        _ path: String,
        as schema: JSONSchema = .any,
        what: String
    ) throws -> Value {
        do {
            let json = try JSONValue(parsing: try readFile(path))
            let faults = schema.validate(json)
            guard faults.isEmpty else {
                let some = faults.prefix(5).map(\.description.shortLine).joined(separator: "; ")
                throw RuntimeError(.badInput, "\(path) is not \(what): \(some)")
            }
            return try json.decode(Value.self)
        } catch let error as JSONError {
            throw RuntimeError(.badInput, "\(path):\(error)")
        } catch let error as DecodingError {
            throw RuntimeError(.badInput, "\(path) is not \(what): \(error.shortDescription)")
        }
    }
}

extension String {
    /// The text as one line of bounded length.
    var shortLine: String {
        let line = prefix(200).map { $0.isNewline ? " " : String($0) }.joined()
        return count > 200 ? line + "…" : line
    }
}

extension DecodingError {
    /// What does not fit, in a line.
    var shortDescription: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.debugDescription
        @unknown default: "it does not have the right shape"
        }
    }
}
