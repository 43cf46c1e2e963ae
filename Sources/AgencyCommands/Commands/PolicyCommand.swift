// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import AgencySchema
import ArgumentParser

/// Shows and applies the policy on the flow of information.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Decide calls by where their values come from, with no model involved.",
        subcommands: [Evaluate.self, Show.self]
    )

    /// Decides every call of a trace.
    struct Evaluate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide every call of a trace: allowed, asks, refused or cannot arise.",
            discussion: """
                A trace is the brief, the plan that was chosen with where each argument comes from, what was read with its \
                labels, and the calls that were attempted. docs/policy.md describes it, and agency schema trace, tools and \
                policy print the shapes. What a manifest does not say counts as the most dangerous.

                With --run the trace and the manifests are those of a run, as the ledger has them; --against shows what \
                another policy would have decided.

                Ends with status 0 whatever is decided, and with 65 when a file cannot be understood.
                """
        )

        @Option(name: .shortAndLong, help: "The manifests of the tools: a JSON list.")
        var manifest: String?
        @Option(name: .shortAndLong, help: "The trace.")
        var trace: String?
        @Option(help: "A run, instead of a trace and manifests.")
        var run: String?
        @Option(name: .shortAndLong, help: "The policy; that of the run, or the standard one, unless given.")
        var policy: String?
        @Option(help: "Another policy: what it decides is compared with what --policy decides.")
        var against: String?
        @Flag(help: "Print JSON.")
        var json = false
        @OptionGroup var home: HomeOptions

        func validate() throws {
            guard (run == nil) == (trace != nil), (trace == nil) == (manifest == nil) else {
                throw ValidationError("give --manifest and --trace, or --run")
            }
        }

        func run() async throws {
            let (tools, trace, own) = try await subject()
            let policy = try policy.map(PolicyFiles.policy) ?? own
            let account = PolicyEvaluation.account(policy: policy, tools: tools, trace: trace)
            let other = try against.map {
                PolicyEvaluation.account(policy: try PolicyFiles.policy($0), tools: tools, trace: trace)
            }
            if json {
                var value = try JSONValue(encoding: account).object ?? [:]
                if let other { value["against"] = try JSONValue(encoding: other) }
                Terminal.out(JSONValue.object(value).prettyText)
            } else {
                Terminal.out(PolicyText.text(account))
                if let other { Terminal.out(PolicyText.changes(account, from: other)) }
            }
        }

        private func subject() async throws -> (tools: [ToolManifest], trace: Trace, policy: Policy) {
            if let manifest, let trace {
                return (try PolicyFiles.tools(manifest), try PolicyFiles.trace(trace), .standard)
            }
            let setup = try await Setup.existing(home.folder)
            let state = try await setup.agency.state(of: try await setup.resolve(run))
            return (state.started?.tools ?? [], state.trace, state.started?.policy ?? .standard)
        }
    }

    /// Prints the policy that holds.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the standard policy and its rules, as JSON that a policy can be made from."
        )

        func run() async throws {
            var policy = Policy.standard
            for rule in PolicyRule.allCases where rule.isOpen { policy.decisions[rule.rawValue] = rule.usual }
            Terminal.out(try Output.json(policy))
        }
    }
}
