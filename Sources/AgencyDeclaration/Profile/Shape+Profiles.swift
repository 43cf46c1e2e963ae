// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Shape where Value == [Profile] {
    /// The profiles of the file of profiles.
    static var profiles: Shape { Shape<ProfilesFile>.profilesFile.map(\.profiles) }
}

extension Profile {
    static func read(_ name: String, _ reader: inout MappingReader) -> Profile? {
        let usual = Profile(name: ProfileName(name), provider: .person)
        reader.refused(
            ["key", "api-key", "api_key", "apikey", "token", "secret", "password"],
            "a key must not be written down",
            hint: Profile.keyHint
        )
        let provider = reader.required("provider", Shape<Provider>.word)
        let model = reader.optional("model", .text)
        let url = reader.optional("url", .text)
        let keyVariable = reader.optional("key-variable", .text)
        let command = reader.optional("command", .list(of: .text))
        let lifetime = reader.optional("lifetime", Shape<Lifetime>.word)
        let temperature = reader.optional("temperature", .number)
        let outputTokens = reader.optional("output-tokens", .integer)
        let structure = reader.optional("structure", Shape<Structure>.word)
        let delivery = reader.optional("delivery", Shape<Delivery>.word)
        let prices = reader.optional("prices", .prices)
        let concurrency = reader.optional("concurrency", .integer)
        let requestsPerMinute = reader.optional("requests-per-minute", .integer)
        let idleSeconds = reader.optional("idle-seconds", .number)
        let overallSeconds = reader.optional("overall-seconds", .number)
        guard let provider else { return nil }
        return Profile(
            name: ProfileName(name),
            provider: provider,
            model: model ?? usual.model,
            url: url,
            keyVariable: keyVariable,
            command: command ?? usual.command,
            lifetime: lifetime ?? usual.lifetime,
            temperature: temperature,
            outputTokens: outputTokens ?? usual.outputTokens,
            structure: structure ?? usual.structure,
            delivery: delivery ?? usual.delivery,
            inputPrice: prices?.input ?? usual.inputPrice,
            outputPrice: prices?.output ?? usual.outputPrice,
            concurrency: concurrency ?? usual.concurrency,
            requestsPerMinute: requestsPerMinute,
            idleSeconds: idleSeconds ?? usual.idleSeconds,
            overallSeconds: overallSeconds ?? usual.overallSeconds
        )
    }
}

/// Dollars for a million tokens.
struct Prices {
    var input: Money
    var output: Money
}

extension Shape where Value == Prices {
    static var prices: Shape {
        .mapping("prices") { reader in
            let input = reader.required("input", .money)
            let output = reader.required("output", .money)
            guard let input, let output else { return nil }
            return Prices(input: input, output: output)
        }
    }
}
