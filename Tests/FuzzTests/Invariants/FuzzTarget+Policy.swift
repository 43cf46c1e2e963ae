// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema

extension FuzzTarget {
    /// Manifests, a policy and a trace, each as JSON in a line: whatever is read of them is decided, and always the same.
    static let policy = FuzzTarget(name: "policy", longest: 8192) { bytes in
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        guard lines.count >= 3, let trace = try read(Trace.self, lines[2], DeclarationSchema.trace) else { return }
        let tools = try read([ToolManifest].self, lines[0], DeclarationSchema.tools) ?? []
        guard tools.allSatisfy({ $0.parameters.faults().isEmpty }) else { return }
        let policy = try read(Policy.self, lines[1], DeclarationSchema.policy) ?? .standard
        let account = PolicyEvaluation.account(policy: policy, tools: tools, trace: trace)
        try hold("a call is not decided", account.calls.map(\.call) == trace.calls.map(\.id))
        try hold("an answer is not judged", account.answers.map(\.id) == trace.answers.map(\.id))
        for ruling in account.calls {
            let worst = ruling.reasons.map(\.decision).max() ?? .allowed
            try hold("\(ruling.call) is \(ruling.decision) for \(worst) reasons", ruling.decision == worst)
        }
        let autonomy = account.autonomy
        try hold("more was done unasked than was done", (0...autonomy.consequential).contains(autonomy.unasked))
        let again = PolicyEvaluation.account(policy: policy, tools: tools, trace: trace)
        try hold("it is decided otherwise the second time", again == account)
        let printed = try JSONValue(encoding: account)
        try hold("the account has no printed form", try JSONValue(parsing: printed.compactBytes) != .null)
    }

    private static func read<Value: Codable & Equatable>(
        _ type: Value.Type,
        _ bytes: [UInt8],
        _ schema: JSONSchema
    ) throws -> Value? {
        guard let json = try? JSONValue(parsing: bytes) else { return nil }
        let faults = schema.validate(json)
        guard faults.isEmpty, let value = try? json.decode(type) else { return nil }
        let again = try JSONValue(encoding: value).decode(type)
        try hold("what is written of it reads as something else", again == value)
        return value
    }
}
