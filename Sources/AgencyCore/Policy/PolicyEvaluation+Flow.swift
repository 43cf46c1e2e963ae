// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// What flows into one argument of a call.
private struct Flow {
    var path: FieldPath
    var derivation: Derivation
    var provenance: Provenance
    /// What it decides, by the paths within it that the manifest tells apart.
    var authorities: [(path: FieldPath, authority: Authority)]
}

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
        var flows: [Flow] = []
        for (name, derivation) in step.arguments.sorted(by: { $0.key < $1.key }) {
            var provenance = try provenance(derivation)
            written.join(provenance)
            // What is run may run what was written before.
            if tool.effect == .run { provenance.join(flow.stored(shownBy: tool)) }
            labels[name] = provenance.label
            guard tool.isConsequential else { continue }
            let path = FieldPath(name)
            let authorities = tool.authorities(of: path)
            flows.append(Flow(path: path, derivation: derivation, provenance: provenance, authorities: authorities))
        }
        guard tool.isConsequential else { return [] }
        if !trace.plan.isChosen { reasons.append(reason(.notChosen, "no person has chosen the plan")) }
        reasons += try planReasons(step, tool)
        for flow in flows {
            reasons += authorityReasons(call, step, tool, flow)
            if tool.leaves { reasons += contactReasons(call, flow) }
        }
        if tool.leaves {
            // Whoever is asked who is to be reached sees that it is them.
            let asked = reasons.compactMap(\.argument)
            reasons += privacyReasons(call, tool, flows).filter { reason in
                reason.rule == .secretLeaves || !asked.contains { $0 == reason.argument }
            }
        }
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
                "step \(step.id) was taken from \(flow.words(from)): that needs a new plan and a new choice"
            )
            reason.sources = flow.sources(flow.untrusted(from))
            reasons.append(reason)
        }
        for condition in step.under where tool.leaves || tool.isGrave {
            let from = try provenance(condition.derivation)
            if tool.leaves, from.label.readers == .only([]) {
                reasons.append(reason(.secretLeaves, "whether it is done would tell of what nobody may read"))
            }
            guard tool.isGrave else { continue }
            guard !policy.untrusted(from.label).isEmpty || from.isSteered else { continue }
            let what = if case .branch = condition { "whether" } else { "how often" }
            var reason = reason(.untrustedBranch, "\(what) it is done depends on \(flow.words(from))")
            reason.sources = flow.sources(flow.untrusted(from))
            reasons.append(reason)
        }
        return reasons
    }

    /// Arguments that decide something and derive from untrusted text.
    private func authorityReasons(
        _ call: TraceCall,
        _ step: TraceStep,
        _ tool: ToolManifest,
        _ flow: Flow
    ) -> [PolicyReason] {
        let authorities = flow.authorities.filter(\.authority.decides)
        guard !policy.untrusted(flow.provenance.label).isEmpty || flow.provenance.isSteered else {
            return strangerReasons(call, step, authorities.map(\.path), flow.derivation)
        }
        if !tool.isGrave, !flow.provenance.isSteered, self.flow.isAmongNamed(flow.derivation) { return [] }
        var reasons: [PolicyReason] = []
        for (path, authority) in authorities {
            for value in path.parts(of: call.arguments) where !isEndorsed(path, call, step) {
                var reason = reason(
                    .untrustedAuthority,
                    "“\(path)” decides \(authority.words) and comes from \(self.flow.words(flow.provenance))"
                )
                reason.argument = path
                reason.value = value
                let from = self.flow.untrusted(flow.provenance) + flow.provenance.steering
                reason.sources = self.flow.sources(from)
                reasons.append(reason)
            }
        }
        return reasons
    }

    /// Somebody who is said to be named in the brief, and is not.
    private func strangerReasons(
        _ call: TraceCall,
        _ step: TraceStep,
        _ paths: [FieldPath],
        _ derivation: Derivation
    ) -> [PolicyReason] {
        guard case .brief(let value) = derivation, !flow.named.contains(value) else { return [] }
        return paths.filter { path in
            let isReached = flow.tools[call.tool]?.authorities(of: path).contains(where: \.authority.reaches) ?? true
            return isReached && !isEndorsed(path, call, step)
        }.map { path in
            var reason = reason(.notInBrief, "“\(path)” is said to stand in the brief, and does not")
            reason.argument = path
            reason.value = value
            return reason
        }
    }

    /// Whether a person has allowed what stands at a path, or all of what holds it.
    private func isEndorsed(_ path: FieldPath, _ call: TraceCall, _ step: TraceStep?) -> Bool {
        trace.endorsements.contains { endorsement in
            if let only = endorsement.step, only != step?.id ?? call.step { return false }
            guard !endorsement.argument.tokens.isEmpty, endorsement.argument.contains(path) else { return false }
            return endorsement.argument.parts(of: call.arguments) == [endorsement.value]
        }
    }

    /// Contacts in text that leaves, which the person has not named.
    private func contactReasons(_ call: TraceCall, _ argument: Flow) -> [PolicyReason] {
        let provenance = argument.provenance
        guard !policy.untrusted(provenance.label).isEmpty, !provenance.label.isClosed else { return [] }
        var reasons: [PolicyReason] = []
        for (path, authority) in argument.authorities where !authority.decides {
            for text in path.parts(of: call.arguments).flatMap(\.texts) {
                let foreign = Contacts(in: text).besides(flow.named.contacts)
                if isEndorsed(path, call, nil) { continue }
                if let hidden = TextScan.summary(of: TextScan(text).hidden.filter { !$0.isBlank }) {
                    var reason = reason(.hiddenText, "“\(path)” leaves with what people do not see: \(hidden)")
                    reason.argument = path
                    reason.sources = flow.sources(flow.untrusted(provenance))
                    reasons.append(reason)
                }
                guard !foreign.isEmpty else { continue }
                let some = foreign.prefix(3).map { "“\($0.shortened)”" }.joined(separator: ", ")
                var reason = reason(
                    .foreignContact,
                    "“\(path)” leaves with \(some) from \(flow.words(provenance)), which the brief does not name"
                )
                reason.argument = path
                reason.value = .array(foreign.prefix(20).map { .string($0) })
                reason.sources = flow.sources(flow.untrusted(provenance))
                reasons.append(reason)
            }
        }
        return reasons
    }

    /// Private content that would reach somebody who may not read it.
    private func privacyReasons(_ call: TraceCall, _ tool: ToolManifest, _ flows: [Flow]) -> [PolicyReason] {
        let audience = flows.flatMap { flow in
            flow.authorities.filter(\.authority.reaches)
                .flatMap { $0.path.parts(of: call.arguments).flatMap { $0.array ?? [$0] } }
                .map { (value: $0, flow: flow) }
        }
        var reasons: [PolicyReason] = []
        for flow in flows {
            let provenance = flow.provenance
            guard case .only(let readers) = provenance.label.readers else { continue }
            if readers.isEmpty {
                var reason = reason(.secretLeaves, "“\(flow.path)” holds what nobody may read, and would leave")
                reason.argument = flow.path
                reasons.append(reason)
                continue
            }
            // A date or a yes gives nothing away that the choice of the plan did not.
            if flow.derivation.isNarrow, audience.isEmpty || tool.effect == .read { continue }
            let who: String
            if audience.isEmpty {
                // What goes back to where it was read reaches nobody new.
                if let place = tool.place, provenance.places == [place] { continue }
                who = "anybody"
            } else {
                // Somebody who decides what is read can have anything read out to whom the person trusts with some of it.
                let strangers = audience.filter { provenance.isSteered || !isReader($0.value, $0.flow, of: readers) }
                guard let first = strangers.first?.value else { continue }
                who = "“\((first.string ?? first.compactText).shortened)”"
            }
            if isEndorsed(flow.path, call, nil) { continue }
            var reason = reason(
                .privateLeaves,
                "“\(flow.path)” is for \(readers.sorted().joined(separator: ", ")) only and would reach \(who)"
                    + (provenance.isSteered ? "; what was read was up to untrusted text" : "")
            )
            reason.argument = flow.path
            reason.sources = self.flow.sources(provenance.sources)
            reasons.append(reason)
        }
        return reasons
    }

    /// What is private to the person alone may go to whom the brief names and whom the plan looks up; what others shared
    /// with them, only to those others and to whom the brief names.
    private func isReader(_ value: JSONValue, _ flow: Flow, of readers: Set<String>) -> Bool {
        if self.flow.named.contains(value) || value.string.map(readers.contains) ?? false { return true }
        guard readers == ["person"] else { return false }
        let isTrusted = policy.untrusted(flow.provenance.label).isEmpty && !flow.provenance.isSteered
        return isTrusted && flow.derivation.isLookedUp
    }

    /// What is known of an answer.
    func ruling(_ answer: TraceAnswer) -> AnswerRuling {
        let everything = trace.results.map { Derivation.result($0.id, FieldPath(""), as: nil) }
        var made = Provenance.nothing
        let inputs = answer.of ?? []
        for derivation in inputs.isEmpty ? everything : inputs {
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
            sources: flow.sources(flow.untrusted(made))
        )
    }
}

extension Derivation {
    /// Whether the value is what was read, with nothing put to it.
    fileprivate var isLookedUp: Bool {
        switch self {
        case .result, .extract: true
        case .parts(let parts): !parts.isEmpty && parts.allSatisfy(\.isLookedUp)
        case .brief, .model: false
        }
    }

    /// Whether the value can be one of a few only.
    fileprivate var isNarrow: Bool {
        switch self {
        case .result(_, _, let shape), .extract(_, let shape): shape?.isNarrow ?? false
        case .brief, .model, .parts: false
        }
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
