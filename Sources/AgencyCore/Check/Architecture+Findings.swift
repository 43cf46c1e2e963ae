// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Finds the rules that this architecture breaks so that it may not run; empty when it may.
    ///
    /// - Parameters:
    ///   - tools: The tools that exist, or `nil` to leave tools unchecked.
    ///   - profiles: The profiles that exist, or `nil` to leave performers unchecked.
    /// - Returns: The findings of severity error, with paths that begin at the architecture.
    public func faults(tools: [ToolManifest]? = nil, profiles: [Profile]? = nil) -> [Finding] {
        findings(tools: tools, profiles: profiles).filter { $0.severity == .error }
    }

    /// Finds every rule that this architecture breaks, by itself and together with what it is to be run with.
    ///
    /// The rules keep duties apart and effects behind a choice: every stage has a role of its own kind, evaluators do not
    /// read one another, episodes have only tools that look, and nothing is enacted that no person chose.
    ///
    /// - Parameters:
    ///   - tools: The tools that exist, or `nil` to leave tools unchecked.
    ///   - profiles: The profiles that exist, or `nil` to leave performers unchecked.
    ///   - brief: What is to be carried through it, or `nil` to leave that unchecked.
    /// - Returns: The findings, with the severity of their rules, those about form first.
    public func findings(
        tools: [ToolManifest]? = nil,
        profiles: [Profile]? = nil,
        brief: Brief? = nil
    ) -> [Finding] {
        var findings = formFindings(tools: tools, profiles: profiles)
        // Whoever has too many roles is told that, before the roles are compared with one another.
        guard roles.count <= Limits.roles.upperBound * 4 else { return findings }
        let graph = FlowGraph(self)
        let untrusted = InformationFlow.untrusted(in: self)
        findings += effectFindings(graph, tools: tools)
        findings += evaluationFindings(graph, untrusted)
        findings += dutyFindings(profiles: profiles)
        findings += combinationFindings(untrusted, tools: tools, profiles: profiles)
        findings += reversalFindings(tools: tools)
        findings += legibilityFindings(graph)
        if let profiles { findings += priceFindings(profiles) }
        if let brief {
            // A worst case means something only where everything has its bound.
            let isBounded = !findings.contains { $0.severity == .error }
            findings += isBounded ? briefFindings(brief, profiles: profiles ?? []) : faults(for: brief)
        }
        return findings
    }
}
