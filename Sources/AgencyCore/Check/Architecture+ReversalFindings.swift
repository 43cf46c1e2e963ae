// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Where there is no way back, and where something is selected for passing its judge.
    func reversalFindings(tools: [ToolManifest]?) -> [Finding] {
        var findings: [Finding] = []
        for (index, stage) in flow.enumerated() {
            guard case .enact(let enacting) = stage else { continue }
            let place: [Finding.Part] = ["flow", .index(index), "enact"]
            // A tool that declares nothing has a rule of its own.
            let lasting = (tools ?? []).filter { $0.acts && $0.repeatability != nil && $0.reachesOut }
            if !lasting.isEmpty {
                let list = lasting.map { "\($0.name) (\($0.effects.rawValue))" }.joined(separator: ", ")
                let message = "one choice covers the whole plan, and no checkpoint undoes what these tools do: \(list)"
                let hint = "look at each step that uses one before choosing; better, ask for a plan that ends with it"
                findings.append(Finding(.lastingEffects, place, message, hint: hint, about: list))
            }
            if let surprise = enacting.surprise, enacting.falseAlarms == nil,
                surprise > Limits.surprise.upperBound - 0.01, Limits.surprise.contains(surprise)
            {
                let message = "only a forecast that was given as certain halts enactment"
                let hint = "0.8 halts where something was seen that had been given one chance in five"
                findings.append(Finding(.neverSurprised, place + ["surprise"], message, hint: hint))
            }
        }
        for role in roles {
            guard case .verified(let verifier, let most)? = role.vote?.rule, Limits.samples.contains(most),
                most > Limits.triesForVerifier
            else { continue }
            let path: [Finding.Part] = ["roles", .name(role.name.rawValue), "vote", "at-most"]
            let message = "\(most) tries for one answer that “\(verifier)” accepts"
            let hint = "at most \(Limits.triesForVerifier): who needs more needs a better performer or smaller steps"
            findings.append(Finding(.searchAgainstJudge, path, message, hint: hint, about: verifier.rawValue))
        }
        return findings
    }
}
