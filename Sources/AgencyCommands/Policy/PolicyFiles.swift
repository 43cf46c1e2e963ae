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
        let tools = try JSONFile.read(
            [ToolManifest].self,
            path,
            as: DeclarationSchema.tools,
            what: "a list of manifests"
        )
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
        let trace = try JSONFile.read(Trace.self, path, as: DeclarationSchema.trace, what: "a trace")
        try requireUnique(trace.plan.steps.map(\.id.rawValue), "step", path)
        try requireUnique(trace.calls.map(\.id.rawValue), "call", path)
        try requireUnique(trace.results.map(\.id.rawValue), "result", path)
        try requireUnique(trace.mandates.map(\.id), "mandate", path)
        return trace
    }

    /// Reads a policy.
    static func policy(_ path: String) throws -> Policy {
        try JSONFile.read(Policy.self, path, as: DeclarationSchema.policy, what: "a policy")
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
