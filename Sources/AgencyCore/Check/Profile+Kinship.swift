// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How near two performers are to one another.
enum Kinship: Hashable {
    /// Nothing is known that they share.
    case none
    /// Two models of one family.
    case family(String)
    /// The same model, program or person.
    case same

    /// What two roles have in common then, in words.
    var words: String {
        switch self {
        case .none: "nothing that they share"
        case .family(let name): "models of one family, “\(name.shortened)”"
        case .same: "one performer"
        }
    }
}

extension Profile {
    /// How near this performer is to another, as far as their profiles say.
    func kinship(to other: Profile) -> Kinship {
        if name == other.name { return .same }
        let models: Set<Provider> = [.openai, .anthropic]
        guard models.contains(provider), models.contains(other.provider) else {
            return provider == other.provider && (provider == .person || command == other.command) ? .same : .none
        }
        // One model is served at many addresses, so addresses tell nothing.
        if model.lowercased() == other.model.lowercased() { return .same }
        guard let family, family == other.family else { return .none }
        return .family(family)
    }

    /// The family of a model, by its name: `gpt` of `gpt-4.1-mini`, `llama` of `meta-llama/Llama-3.3-70B`.
    var family: String? {
        let own = model.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let letters = own.prefix { $0.isLetter }
        return letters.isEmpty ? nil : letters == "chatgpt" ? "gpt" : String(letters)
    }

    /// Whether what is sent to this performer leaves the machine.
    var isRemote: Bool {
        guard provider == .openai || provider == .anthropic else { return false }
        return url.map { !Self.leadsHere($0) } ?? true
    }
}
