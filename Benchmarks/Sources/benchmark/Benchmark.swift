// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency

/// Measures what OpenAgency costs, with the machine's own floor beside it.
@main
enum Benchmark {
    private static let usage = """
        usage: benchmark COMMAND [--option VALUE …]
          floor    [--count 2000]                       what the disk and SQLite take by themselves
          episodes [--count 10000]                      one run, one episode after another
          runs     [--count 500] [--latency 200] [--board small|stock] [--delivery whole|stream]
                                                        many runs of 26 episodes at once
          steps    [--count 1000] [--durability full|relaxed]
                                                        small episodes of one run over HTTP, each recorded before the next
          flight   [--count 10000]                      so many episodes in flight at once, each of its own run
          tower    [--disks 20] [--steps 20000] [--ahead 3] [--durability full|relaxed]
                                                        voted steps of one long work, in process
          chat     [--calls 100] [--tokens 209000] [--result 5000]
                                                        a conversation that is recorded whole at each call
          record   [--steps 1000000]                    open and verify a long run
          killed   [--count 20] [--at 30,60,90] [--median 200] [--sigma 0.6]
                                                        kill -9 in the midst of many runs, and start again
          survive  --url URL --folder PATH [--count 20] what killed starts
          workers  [--workers 1,2,4] [--runs 64] [--count 2000]
                                                        worker processes over one PostgreSQL, and its floor
          check    [--roles 50] [--count 100]           read and check a board of many roles
          scan     [--megabytes 32]                     scan text for what hides in it
          policy   [--calls 100] [--count 100]          decide calls by where their values come from
          sandbox-start [--count 50]                    start and end a program in the sandbox, and in bare bubblewrap
          desk     --program PATH [--runs 10000] [--steps 100000] [--clients 1000]
                                                        pages of the decision desk, and how soon open ones hear
          startup  --program PATH [--count 30]          from exec to exit of PROGRAM --help
          mock     [--port 0] [--latency-milliseconds 0] [--attached yes]
                                                        a model endpoint that answers for every role
          table    --figures FILE [--others FILE]       the medians of what the others printed, as Markdown, after a table
                                                        of them beside what other programs take
          machine                                       what was measured on
        Each measure prints figures as JSON, one a line.
        """

    static func main() async {
        do {
            var words = CommandLine.arguments.dropFirst()
            let command = words.popFirst() ?? "help"
            let options = try Options(words)
            switch command {
            case "floor": try Floor.measure(count: try options.integer("count") ?? 2000)
            case "episodes": try await EpisodeCost.measure(count: try options.integer("count") ?? 10_000)
            case "runs":
                try await ManyRuns(
                    count: try options.integer("count") ?? 500,
                    workload: options["board"] == "stock" ? try .stock() : .small,
                    latency: try options.integer("latency") ?? 200,
                    delivery: options.delivery
                ).measure()
            case "steps":
                try await SmallSteps.measure(
                    count: try options.integer("count") ?? 1000,
                    durability: options.durability
                )
            case "flight": try await ManyInFlight.measure(count: try options.integer("count") ?? 10_000)
            case "tower":
                let disks = try options.integer("disks") ?? 20
                try await Tower.measure(
                    disks: disks,
                    steps: min(try options.integer("steps") ?? 20_000, (1 << disks) - 1),
                    error: 0.01,
                    lead: try options.integer("ahead") ?? 3,
                    durability: options.durability
                )
            case "chat":
                try await Chat.measure(
                    calls: try options.integer("calls") ?? 100,
                    tokens: try options.integer("tokens") ?? 209_000,
                    resultBytes: try options.integer("result") ?? 5000
                )
            case "record":
                try await LongRecord.measure(
                    disks: 20,
                    steps: min(try options.integer("steps") ?? 1_000_000, (1 << 20) - 1)
                )
            case "killed":
                let shares = (options["at"] ?? "30,60,90").split(separator: ",").compactMap { Int($0) }
                try await Killed.measure(
                    count: try options.integer("count") ?? 20,
                    percents: shares,
                    latency: .lognormal(
                        medianMilliseconds: Double(try options.integer("median") ?? 200),
                        sigma: options["sigma"].flatMap { Double($0) } ?? 0.6
                    )
                )
            case "survive":
                try await Survivor.work(
                    count: try options.integer("count") ?? 20,
                    url: options["url"] ?? "",
                    folder: options["folder"] ?? "."
                )
            case "workers":
                try await ManyWorkers.measure(
                    workers: (options["workers"] ?? "1,2,4").split(separator: ",").compactMap { Int($0) },
                    runs: try options.integer("runs") ?? 64,
                    sequential: try options.integer("count") ?? 2000
                )
            case "worker":
                try await ManyWorkers.work(
                    url: options["url"] ?? "",
                    mock: options["mock"] ?? "",
                    name: options["name"] ?? "worker"
                )
            case "check":
                try CheckCost.measure(
                    roles: try options.integer("roles") ?? 50,
                    count: try options.integer("count") ?? 100
                )
            case "scan": try ScanCost.measure(megabytes: try options.integer("megabytes") ?? 32)
            case "policy":
                try PolicyCost.measure(
                    calls: try options.integer("calls") ?? 100,
                    count: try options.integer("count") ?? 100
                )
            case "sandbox-start": try await SandboxStart.measure(count: try options.integer("count") ?? 50)
            case "desk":
                try await DeskCost.measure(
                    program: options["program"] ?? "",
                    runs: try options.integer("runs") ?? 10_000,
                    steps: try options.integer("steps") ?? 100_000,
                    clients: try options.integer("clients") ?? 1000
                )
            case "startup": try StartUp.measure(options["program"] ?? "", count: try options.integer("count") ?? 30)
            case "mock":
                try await MockServer(
                    latency: .constant(milliseconds: try options.integer("latency-milliseconds") ?? 0)
                ).run(port: try options.integer("port") ?? 0, isAttached: options["attached"] == "yes")
            case "table":
                let table = Table(try Figure.read(options["figures"] ?? ""))
                if let path = options["others"] {
                    Output.line(try Comparison(String(contentsOfFile: path, encoding: .utf8)).markdown(table) + "\n")
                }
                Output.line(table.markdown)
            case "machine": Output.line(Machine.words)
            default: throw UsageFault(usage)
            }
        } catch let fault as UsageFault {
            Output.note(fault.description)
            exit(64)
        } catch {
            Output.note("benchmark: \(error)")
            exit(70)
        }
    }
}
