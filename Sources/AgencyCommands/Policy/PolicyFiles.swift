// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyRuntime
import AgencySchema

/// Reads what the policy is applied to; every fault says where it is.
enum PolicyFiles {
    /// Reads a list of manifests.
    ///
    /// - Throws: `RuntimeError` with `.badInput` when it holds something else, or two tools of one name.
    static func tools(_ path: String) throws -> [ToolManifest] {
        let tools = try read([ToolManifest].self, path, as: DeclarationSchema.tools, what: "a list of manifests")
        for (index, tool) in tools.enumerated() {
            if let fault = tool.parameters.faults().first {
                throw fault.refusal(path, "\(index)/parameters", "the parameters of “\(tool.name)” are no schema")
            }
        }
        try requireUnique(tools.map(\.name.rawValue), "tool", path)
        return tools
    }

    /// Reads a trace.
    static func trace(_ path: String) throws -> Trace {
        let trace = try read(Trace.self, path, as: DeclarationSchema.trace, what: "a trace")
        try requireUnique(trace.plan.steps.map(\.id.rawValue), "step", path)
        try requireUnique(trace.calls.map(\.id.rawValue), "call", path)
        try requireUnique(trace.results.map(\.id.rawValue), "result", path)
        try requireUnique(trace.mandates.map(\.id), "mandate", path)
        return trace
    }

    /// Reads a policy.
    static func policy(_ path: String) throws -> Policy {
        try read(Policy.self, path, as: DeclarationSchema.policy, what: "a policy")
    }

    private static func read<Value: Decodable>(
        _ type: Value.Type,
        _ path: String,
        as schema: JSONSchema,
        what: String
    ) throws -> Value {
        do {
            let json = try JSONValue(parsing: try readFile(path))
            let faults = schema.validate(json)
            if !faults.isEmpty {
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

    private static func requireUnique(_ names: [String], _ what: String, _ path: String) throws {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw RuntimeError(.badInput, "\(path): two of its \(what)s are called “\(name.shortened)”")
        }
    }
}

extension SchemaFault {
    fileprivate func refusal(_ path: String, _ place: String, _ what: String) -> RuntimeError {
        RuntimeError(.badInput, "\(path): /\(place): \(what): \(description.shortLine)")
    }
}

extension String {
    /// The text as one line of bounded length.
    fileprivate var shortLine: String {
        let line = prefix(200).map { $0.isNewline ? " " : String($0) }.joined()
        return count > 200 ? line + "…" : line
    }
}
