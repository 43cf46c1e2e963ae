// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension PolicyEvaluation {
    /// What the information flow of a planned call leads to.
    func reasons(
        for call: TraceCall,
        _ step: TraceStep,
        _ tool: ToolManifest,
        labels: inout [String: Label],
        written: inout Provenance
    ) throws(PolicyReason) -> [PolicyReason] {
        var reasons: [PolicyReason] = []
        var flows: [(path: FieldPath, derivation: Derivation, provenance: Provenance)] = []
        for (name, derivation) in step.arguments.sorted(by: { $0.key < $1.key }) {
            var provenance = try provenance(derivation)
            written.join(provenance)
            // What is run may run what was written before.
            if tool.effect == .run {
                for store in flow.stores where store.isShown(by: tool) { provenance.join(store.provenance) }
            }
            labels[name] = provenance.label
            flows.append((FieldPath(name), derivation, provenance))
        }
        guard tool.isConsequential else { return [] }
        if !trace.plan.isChosen { reasons.append(reason(.notChosen, "no person has chosen the plan")) }
        reasons += try planReasons(step, tool)
        for flow in flows {
            reasons += authorityReasons(call, step, tool, flow)
            if tool.leaves { reasons += contactReasons(call, tool, flow.path, flow.provenance) }
        }
        if tool.leaves { reasons += privacyReasons(call, tool, flows.map { ($0.path, $0.provenance) }) }
        return reasons.filter { $0.decision != .allowed }
    }

    private func provenance(_ derivation: Derivation) throws(PolicyReason) -> Provenance {
        do {
            return try flow.of(derivation)
        } catch {
            throw reason(.unread, "nothing has read \(error.result.rawValue.shortened)")
        }
    }

    /// Whether the step itself, or how often it is done, was up to untrusted text.
    private func planReasons(_ step: TraceStep, _ tool: ToolManifest) throws(PolicyReason) -> [PolicyReason] {
        var reasons: [PolicyReason] = []
        for origin in step.origin {
            let from = try provenance(origin)
            guard !policy.untrusted(from.label).isEmpty else { continue }
            var reason = reason(
                .untrustedPlan,
                "step \(step.id) was taken from \(from.words(policy)): that needs a new plan and a new choice"
            )
            reason.sources = from.untrusted(policy)
            reasons.append(reason)
        }
        guard tool.isGrave else { return reasons }
        for condition in step.under {
            let from = try provenance(condition.derivation)
            guard !policy.untrusted(from.label).isEmpty else { continue }
            let what = if case .branch = condition { "whether" } else { "how often" }
            var reason = reason(.untrustedBranch, "\(what) it is done depends on \(from.words(policy))")
            reason.sources = from.untrusted(policy)
            reasons.append(reason)
        }
        return reasons
    }

    /// Arguments that decide something and derive from untrusted text.
    private func authorityReasons(
        _ call: TraceCall,
        _ step: TraceStep,
        _ tool: ToolManifest,
        _ flow: (path: FieldPath, derivation: Derivation, provenance: Provenance)
    ) -> [PolicyReason] {
        guard !policy.untrusted(flow.provenance.label).isEmpty else { return [] }
        if !tool.isGrave, isAmongNamed(flow.derivation) { return [] }
        var reasons: [PolicyReason] = []
        for (path, authority) in tool.authorities(of: flow.path) where authority.decides {
            for value in path.parts(of: call.arguments) {
                let isEndorsed = trace.endorsements.contains {
                    $0.step ?? step.id == step.id && $0.argument.contains(path) && $0.admits(value, at: path)
                }
                if isEndorsed { continue }
                var reason = reason(
                    .untrustedAuthority,
                    "“\(path)” decides \(authority.words) and comes from \(flow.provenance.words(policy))"
                )
                reason.argument = path
                reason.value = value
                reason.sources = flow.provenance.untrusted(policy)
                reasons.append(reason)
            }
        }
        return reasons
    }

    /// Whether a value can only be one of several that the person has named.
    private func isAmongNamed(_ derivation: Derivation) -> Bool {
        guard case .extract(_, let shape) = derivation, let listed = shape?.listed else { return false }
        return !listed.isEmpty && listed.allSatisfy(flow.named.contains)
    }

    /// Contacts in text that leaves, which the person has not named.
    private func contactReasons(
        _ call: TraceCall,
        _ tool: ToolManifest,
        _ path: FieldPath,
        _ provenance: Provenance
    ) -> [PolicyReason] {
        guard !policy.untrusted(provenance.label).isEmpty, !provenance.label.isClosed else { return [] }
        var reasons: [PolicyReason] = []
        for (path, authority) in tool.authorities(of: path) where !authority.decides {
            for text in path.parts(of: call.arguments).flatMap(\.texts) {
                let foreign = Contacts(in: text).besides(flow.named.contacts)
                let isEndorsed = trace.endorsements.contains { $0.argument.contains(path) && $0.value == .string(text) }
                if isEndorsed { continue }
                if let hidden = TextScan.summary(of: TextScan(text).hidden) {
                    var reason = reason(.hiddenText, "“\(path)” leaves with what people do not see: \(hidden)")
                    reason.argument = path
                    reason.sources = provenance.untrusted(policy)
                    reasons.append(reason)
                }
                guard !foreign.isEmpty else { continue }
                let some = foreign.prefix(3).map { "“\($0.shortened)”" }.joined(separator: ", ")
                var reason = reason(
                    .foreignContact,
                    "“\(path)” leaves with \(some) from \(provenance.words(policy)), which the brief does not name"
                )
                reason.argument = path
                reason.value = .array(foreign.prefix(20).map { .string($0) })
                reason.sources = provenance.untrusted(policy)
                reasons.append(reason)
            }
        }
        return reasons
    }

    /// Private content that would reach somebody who may not read it.
    private func privacyReasons(
        _ call: TraceCall,
        _ tool: ToolManifest,
        _ flows: [(path: FieldPath, provenance: Provenance)]
    ) -> [PolicyReason] {
        let audience = flows.flatMap { flow in
            tool.authorities(of: flow.path).filter(\.authority.reaches)
                .flatMap { $0.path.parts(of: call.arguments).flatMap { $0.array ?? [$0] } }
        }
        var reasons: [PolicyReason] = []
        for (path, provenance) in flows {
            guard case .only(let readers) = provenance.label.readers else { continue }
            if readers.isEmpty {
                var reason = reason(.secretLeaves, "“\(path)” holds what nobody may read, and would leave")
                reason.argument = path
                reasons.append(reason)
                continue
            }
            // A date or a yes in a question to a service gives nothing away that the choice of the plan did not.
            if provenance.label.isClosed, tool.effect == .read { continue }
            let who: String
            if audience.isEmpty {
                who = "anybody"
            } else {
                // Somebody who decides what is read can have anything read out to whom the person trusts with some of it.
                let strangers = provenance.isSteered ? audience : audience.filter { !isReader($0, of: readers) }
                guard let first = strangers.first else { continue }
                who = "“\((first.string ?? first.compactText).shortened)”"
            }
            let isEndorsed = trace.endorsements.contains {
                $0.argument.contains(path) && path.parts(of: call.arguments).contains($0.value)
            }
            if isEndorsed { continue }
            var reason = reason(
                .privateLeaves,
                "“\(path)” is for \(readers.sorted().joined(separator: ", ")) only and would reach \(who)"
                    + (provenance.isSteered ? "; what was read was up to untrusted text" : "")
            )
            reason.argument = path
            reason.sources = provenance.sources
            reasons.append(reason)
        }
        return reasons
    }

    /// What is private to the person alone may go where they have chosen that it goes; what others shared with them, only
    /// to those others and to whom the brief names.
    private func isReader(_ value: JSONValue, of readers: Set<String>) -> Bool {
        if readers == ["person"] || flow.named.contains(value) { return true }
        return value.string.map(readers.contains) ?? false
    }

    /// What is known of an answer.
    func ruling(_ answer: TraceAnswer) -> AnswerRuling {
        let everything = trace.results.map { Derivation.result($0.id, FieldPath(""), as: nil) }
        var made = Provenance.nothing
        for derivation in answer.of ?? everything {
            do {
                made.join(try flow.of(derivation))
            } catch {
                // What nothing has read was not read under the plan; whatever it is, nobody vouches for it.
                made.join(Provenance(label: .unknown))
            }
        }
        return AnswerRuling(
            id: answer.id,
            label: made.label,
            leansOnUntrusted: !policy.untrusted(made.label).isEmpty,
            sources: made.untrusted(policy)
        )
    }
}

extension Provenance {
    /// The sources that are not trusted.
    func untrusted(_ policy: Policy) -> [ValueSource] {
        sources.filter { !policy.trusted.isSuperset(of: $0.writers) }
    }

    /// Where it comes from, in words.
    func words(_ policy: Policy) -> String {
        let words = untrusted(policy).map(\.words).joined(separator: ", ")
        let writers = policy.untrusted(label).sorted().map(\.rawValue.shortened).joined(separator: ", ")
        return (words.isEmpty ? "text" : words) + ", which \(writers) could have written"
    }
}

extension Endorsement {
    /// Whether the value is the endorsed one, at a path at or within the endorsed argument.
    func admits(_ value: JSONValue, at path: FieldPath) -> Bool {
        guard argument == path else { return self.value == value || self.value.array?.contains(value) == true }
        return self.value == value
    }
}

extension Authority {
    /// What it decides, in words.
    var words: String {
        switch self {
        case .recipient: "who is reached"
        case .object: "what is changed"
        case .amount: "how much"
        case .code: "what is run"
        case .none: "nothing"
        case .undeclared: "anything, for all that is declared,"
        }
    }
}
