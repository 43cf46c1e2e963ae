// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of the file of profiles.
    public static let profiles = document(
        "OpenAgency profiles",
        .object(
            [
                "profiles": named("Who performs, by the names that roles use.", profile, count: 0...1000),
                "mcp": named("Servers of tools, by the names that their tools carry.", server, count: 0...32),
                "secrets": named("Secrets that are in variables of the environment, by name.", secret, count: 0...1000),
            ],
            optional: ["mcp", "secrets"],
            "The performers that roles refer to, and the servers that offer tools."
        )
    )

    static let secret = JSONSchema.object(
        ["variable": .string("The environment variable that holds the value; the value itself never stands here.")],
        "Where a secret is that is not in the store."
    )

    static let server = JSONSchema.object(
        [
            "command": .array(of: .string(), "Its path, or its name in the sandbox, and its arguments."),
            "readable": .array(of: .string(), "Folders that it may read besides /usr and the workspace."),
            "url": .string("In place of a command: where it is spoken to over HTTP.", pattern: "^https?://"),
            "token-variable": .string(
                "The environment variable that holds the token which a server with a url is shown.",
                pattern: "^[A-Z_][A-Z0-9_]*$"
            ),
            "seconds": .number("The most seconds of one call. Usually 60.", in: ToolServer.timeouts),
            "hosts": .array(
                of: .string(),
                "Hosts that it may reach while a chosen step calls it, as name or name:port; no network if there is none."
            ),
            "secrets": .array(of: .string(), "Names of secrets that it is given as environment variables."),
        ],
        optional: ["command", "readable", "url", "token-variable", "seconds", "hosts", "secrets"],
        "A server of the Model Context Protocol: run in the sandbox, or spoken to over HTTP."
    )

    static let profile = JSONSchema.object(
        [
            "provider": .oneOf(Profile.Provider.allCases.map(\.rawValue), "Who performs."),
            "model": .string("The provider's name of the model."),
            "url": .string("Where the provider is reached, without the path of the call.", pattern: "^https?://"),
            "key-variable": .string(
                "The environment variable that holds the key; the key itself never stands here.",
                pattern: "^[A-Z_][A-Z0-9_]*$"
            ),
            "command": .array(of: .string(), "For the provider program: its path and arguments."),
            "lifetime": .oneOf(
                Profile.Lifetime.allCases.map(\.rawValue),
                "For the provider program: started anew for each turn, or resident and asked line by line. Usually turn."
            ),
            "temperature": .number("Sampling temperature.", in: Profile.temperatures),
            "output-tokens": .integer("The most tokens of one answer. Usually 8192.", in: Profile.outputTokenCounts),
            "structure": .oneOf(
                Profile.Structure.allCases.map(\.rawValue),
                "How a schema is asked for: by the provider's own constraint, or in words only. Usually schema."
            ),
            "delivery": .oneOf(
                Profile.Delivery.allCases.map(\.rawValue),
                "How an answer comes: as it is written, or in one piece when it is finished. Usually stream."
            ),
            "prices": .object(
                ["input": price("sent"), "output": price("received")],
                "Dollars for a million tokens; the worst case is computed from them."
            ),
            "concurrency": .integer("Requests in flight at once. Usually 4.", in: Profile.concurrencies),
            "requests-per-minute": .integer("Requests begun in a minute.", in: Profile.requestRates),
            "idle-seconds": .number(
                "Seconds without a byte of a stream before giving up. Usually 120.",
                in: Profile.timeouts
            ),
            "overall-seconds": .number("Seconds before giving up altogether. Usually 600.", in: Profile.timeouts),
        ],
        optional: [
            "model", "url", "key-variable", "command", "lifetime", "temperature", "output-tokens", "structure",
            "delivery", "prices", "concurrency", "requests-per-minute", "idle-seconds", "overall-seconds",
        ],
        "Who performs: a model, a program or a person."
    )

    private static func price(_ direction: String) -> JSONSchema {
        let range = Double(Profile.dollarsPerMillion.lowerBound)...Double(Profile.dollarsPerMillion.upperBound)
        return .number("Dollars for a million tokens \(direction).", in: range)
    }
}
