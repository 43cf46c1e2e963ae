// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// What servers of the Model Context Protocol offer, and what a person decides about it.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Look at servers of tools, and review what they offer.",
        subcommands: [ListTools.self, ReviewTools.self]
    )
}

/// Where servers are declared and what they see.
struct ServerOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The file of profiles, whose part mcp declares servers.")
    var profiles = "agency.yaml"

    @Option(name: .shortAndLong, help: "The directory that the servers see, read-only (default: an empty one).")
    var workspace: String?

    @OptionGroup var home: HomeOptions

    /// Starts the servers and lists what they offer.
    func listings(only server: String? = nil) async throws -> [ToolServers.Listing] {
        let path = absolute(profiles)
        let declared = try ServerSetup.declared(in: path).filter { server == nil || $0.name == server }
        if declared.contains(where: { $0.url == nil }), let missing = await Sandbox.probe() { throw missing }
        if let server, declared.isEmpty {
            throw RuntimeError(.badInput, "\(profiles) declares no server “\(server)” under mcp")
        }
        let empty = NSTemporaryDirectory() + "agency-mcp-\(getpid())"
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: empty) }
        let directory = workspace.map(absolute) ?? empty
        let servers = try ServerSetup.servers(declared, of: path, workspace: directory, home: home.folder)
        return try await ToolServers.closing(servers) { try await servers.open() }
    }
}

/// Lists servers, their tools, digests and reviews.
struct ListTools: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List servers, their tools with digests, and how each stands with your review."
    )

    @OptionGroup var servers: ServerOptions
    @Flag(help: "Print JSON.")
    var json = false
    @Flag(help: "Print the manifests of what is offered, for agency check --tools.")
    var manifests = false

    func run() async throws {
        let listings = try await servers.listings()
        if manifests {
            let offered = listings.flatMap { $0.offers.compactMap(\.manifest) }
            Terminal.out(try JSONValue(encoding: offered).prettyText)
        } else if json {
            Terminal.out(JSONValue.array(listings.map(Self.json)).prettyText)
        } else {
            Terminal.out(
                listings.isEmpty ? "No server is declared." : listings.map(Self.text).joined(separator: "\n\n")
            )
        }
    }

    private static func text(_ listing: ToolServers.Listing) -> String {
        let head = "\(listing.server.name)  \(listing.about)  \(listing.server.place)"
        let lines = listing.offers.flatMap { offer -> [String] in
            let kind = offer.manifest.map { "\($0.effect.rawValue), \($0.effects.rawValue)" } ?? "not offered"
            let hidden = TextScan(offer.tool.about).summary.map { ["    ! hidden in the description: \($0)"] } ?? []
            return [
                "  \(offer.tool.name)  \(offer.tool.digest.hex.prefix(12))  \(kind)  \(offer.standing)",
                "    \(offer.tool.about.prefix(300))",
            ] + hidden
        }
        return ([Terminal.paint(Escape.terminal(head), .bold)] + lines.map { Escape.terminal($0) }).joined(
            separator: "\n"
        )
    }

    private static func json(_ listing: ToolServers.Listing) -> JSONValue {
        let tools = listing.offers.map { offer -> JSONValue in
            [
                "name": .string(offer.tool.name), "digest": .string(offer.tool.digest.hex),
                "description": .string(offer.tool.about), "standing": .string("\(offer.standing)"),
                "offered": .bool(offer.standing.isOffered), "input": offer.tool.input,
                "effect": offer.manifest.map { .string($0.effect.rawValue) } ?? .null,
                "class": offer.manifest.map { .string($0.effects.rawValue) } ?? .null,
                "hints": .object(
                    JSONObject(
                        offer.tool.hints.sorted { $0.key < $1.key }.map {
                            (key: $0.key, value: JSONValue.bool($0.value))
                        }
                    )
                ),
                "hidden": TextScan(offer.tool.about).summary.map { .string($0) } ?? .null,
            ]
        }
        return [
            "server": .string(listing.server.name), "about": .string(listing.about),
            "command": .array(listing.server.command.map { .string($0) }),
            "url": listing.server.url.map { .string($0) } ?? .null, "tools": .array(tools),
        ]
    }
}

/// Records what a person decides about the tools of a server.
struct ReviewTools: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Decide what class the tools of a server are of, each as it is described now.",
        discussion: """
            The decision is written to mcp-reviews/SERVER.json beside the profiles, with the digest of each tool's name, \
            description and schemas; when one of them changes, the tool is not offered until it is reviewed again. Tools that \
            are not named keep a decision that still fits, and are otherwise left unreviewed.
            """
    )

    @Argument(help: "The server.")
    var server: String
    @Option(parsing: .upToNextOption, help: "Tools that only look; they see the workspace read-only.")
    var reads: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: "Tools whose changes all lie in the workspace, so that going back undoes them."
    )
    var changes: [String] = []
    @Option(parsing: .upToNextOption, help: "Tools whose effects nobody can undo or look for.")
    var blind: [String] = []
    @Option(parsing: .upToNextOption, help: "Tools that are not to be offered.")
    var refuse: [String] = []
    @OptionGroup var servers: ServerOptions
    @OptionGroup var person: PersonOptions

    func run() async throws {
        let path = absolute(servers.profiles)
        let listings = try await servers.listings(only: server)
        let offers = listings.flatMap(\.offers)
        if let url = listings.first?.server.url, let name = changes.first {
            throw RuntimeError(
                .badInput,
                "“\(name)” changes something at \(url), which going back in the workspace does not undo; review it with --blind"
            )
        }
        let decided = try decisions(known: Set(offers.map(\.tool.name)))
        let old = try ServerSetup.review(of: server, beside: path)
        let entries = offers.compactMap { offer -> MCPReview.Entry? in
            let tool = offer.tool
            if let (effect, effects, allowed) = decided[tool.name] {
                return .init(
                    name: tool.name,
                    digest: tool.digest.hex,
                    effect: effect,
                    effects: effects,
                    allowed: allowed
                )
            }
            // A decision on what has changed stays, so that the change stays in sight.
            return old?.tools.first { $0.name == tool.name }
        }
        let review = MCPReview(server: server, reviewer: person.person.name, tools: entries)
        let file = URL(fileURLWithPath: ServerSetup.reviewPath(of: server, beside: path))
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(review.bytes).write(to: file, options: .atomic)
        } catch {
            throw RuntimeError(.badInput, "\(file.path) cannot be written", cause: error)
        }
        Terminal.out("wrote \(Escape.terminal(file.path)): \(entries.count) of \(offers.count) tools decided")
    }

    private typealias Decision = (effect: ToolManifest.Effect, effects: EffectClass, allowed: Bool)

    private func decisions(known: Set<String>) throws -> [String: Decision] {
        var decided: [String: Decision] = [:]
        let given: [([String], Decision)] = [
            (reads, (.read, .pure, true)), (changes, (.write, .transactional, true)), (blind, (.write, .blind, true)),
            (refuse, (.write, .blind, false)),
        ]
        for (names, decision) in given {
            for name in names {
                guard known.contains(name) else {
                    throw RuntimeError(
                        .badInput,
                        "\(server) has no tool “\(name)”; it has \(known.sorted().joined(separator: ", "))"
                    )
                }
                guard decided.updateValue(decision, forKey: name) == nil else {
                    throw RuntimeError(.badInput, "“\(name)” is named twice")
                }
            }
        }
        return decided
    }
}
