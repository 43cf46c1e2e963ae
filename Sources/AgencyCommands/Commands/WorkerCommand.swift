// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyLedger
import AgencyPerformers
import AgencyRuntime
import ArgumentParser
import Foundation

/// Works on all runs of a ledger that are due.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Work on all runs of a ledger that are due, many at a time, beside other workers.",
        discussion: """
            A run is claimed under a lease, worked on until it waits for a person or is over, and given back; a choice that is \
            made meanwhile, by whatever process, has it taken up again. Runs of a worker that is gone go to the others when \
            its leases end. What a worker brings that has lost a run without knowing is refused and put on record.

            Workers choose nothing: people do, with agency choose. Take briefs up for them with agency run --enqueue.

            SIGTERM or SIGINT: begins nothing new, lets what is under way end for --grace seconds, then cancels it, gives \
            everything back and ends with status 0. It is gone 5 seconds after that at the latest, then with status 75: what it \
            could not give back is free when its leases end. A second signal ends it at once.
            """
    )

    @Option(help: "The most runs in flight at once.")
    var runs = 100

    @Option(help: "The name of this worker, unique among those of the ledger (default: made of machine and process).")
    var name: String?

    @Option(help: "How many seconds a run stays with a worker that is gone.")
    var lease = 30.0

    @Option(help: "How many seconds what is under way may take to end after SIGTERM.")
    var grace = 10.0

    @Flag(
        help:
            "End when nothing is due that could be worked on here; with status 75 if something broke off or was skipped."
    )
    var untilIdle = false

    @Option(
        name: .shortAndLong,
        help: "The file of profiles for all runs (default: that of each run, else agency.yaml here)."
    )
    var profiles: String?

    @Flag(help: "Enact the choices of runs that were begun before choices were signed.")
    var unsigned = false

    @OptionGroup var home: HomeOptions

    @Flag(help: "Print what happens as JSON, one notice a line, instead of progress.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(runs) else { throw ValidationError("--runs is a number from 1 to 100000") }
        guard (1...3600).contains(lease) else { throw ValidationError("--lease is a number of seconds from 1 to 3600") }
        guard (0...3600).contains(grace) else { throw ValidationError("--grace is a number of seconds from 0 to 3600") }
        guard let name else { return }
        do {
            try LedgerBounds.check(worker: name, duration: .seconds(1))
        } catch { throw ValidationError("\(error.message)") }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder, unsigned: unsigned)
        let leases = try setup.requireLeases()
        OpenFiles.allowMost()
        let settings = WorkerPool.Settings(
            name: name ?? WorkerName.ofThisProcess,
            runs: runs,
            lease: .seconds(lease),
            period: .milliseconds(500),
            grace: .seconds(grace),
            endsWhenIdle: untilIdle
        )
        let report = WorkerReport(json: json)
        report.begin(settings, at: try setup.home.ledger.shown())
        #if Live
        try await withHTTPTransport(environment: ProcessInfo.processInfo.environment) { transport in
            try await work(setup, leases, settings, report, transport)
        }
        #else
        try await work(setup, leases, settings, report, nil)
        #endif
    }

    private func work(
        _ setup: Setup,
        _ leases: any LeaseStore,
        _ settings: WorkerPool.Settings,
        _ report: WorkerReport,
        _ transport: (any HTTPTransport)?
    ) async throws {
        let pool = await setup.pool(
            leases,
            settings,
            profiles: profiles.map(absolute),
            over: transport,
            report: report
        )
        let bound = settings.grace + .seconds(5)
        let wasStopped = try await Interruption.stopped(within: bound, by: pool.stop) { try await pool.run() }
        let isLeft = !wasStopped && !pool.resting.isEmpty
        report.end(wasStopped: wasStopped, resting: wasStopped ? [] : pool.resting)
        if isLeft { throw ExitStatus.waiting }
    }
}

/// The limit on open files, of which connections and programs take some each.
enum OpenFiles {
    /// Raises the limit of this process as far as it may.
    static func allowMost() {
        var limit = rlimit()
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it may not be raised, what runs into it says so.
        _ = setrlimit(resource, &limit)
    }
}
