// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The bounds that every store holds its input to.
public enum LedgerBounds {
    /// The longest name of a run, in bytes.
    public static let maximumRunNameBytes = 128
    /// The most bytes of one event; larger things are artefacts.
    public static let maximumEventBytes = 64 << 20
    /// The most bytes of one artefact; half of what SQLite allows for a value by default.
    public static let maximumArtefactBytes = 500_000_000

    /// The longest lease.
    public static let maximumLease = Duration.seconds(86_400)

    /// Checks who claims runs, and for how long.
    ///
    /// - Throws: ``LedgerError`` with `.invalid` that names the bound; never retry.
    public static func check(worker: String, duration: Duration) throws(LedgerError) {
        guard isName(worker) else {
            throw .invalid(
                "the name of a worker is 1 to \(maximumRunNameBytes) visible ASCII characters; choose another name"
            )
        }
        guard (.milliseconds(1)...maximumLease).contains(duration) else {
            throw .invalid("a lease lasts from 1 ms to \(maximumLease), not \(duration); choose another duration")
        }
    }

    static func isName(_ text: String) -> Bool {
        (1...maximumRunNameBytes).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Checks the input of an append.
    ///
    /// A run's name is visible ASCII, so that two spellings which Unicode calls equal never stand for one run.
    ///
    /// - Throws: ``LedgerError`` with `.invalid` that names the bound; never retry.
    public static func check(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        run: RunID,
        row: RunRow?
    ) throws(LedgerError) {
        guard isName(run.rawValue) else {
            throw .invalid(
                "the name of a run is 1 to \(maximumRunNameBytes) visible ASCII characters; choose another name"
            )
        }
        if let index = events.firstIndex(where: { $0.count > maximumEventBytes }) {
            throw .invalid(
                "event \(index) of the append has \(events[index].count) bytes, more than \(maximumEventBytes); "
                    + "store it as an artefact",
                run: run
            )
        }
        if let artefact = artefacts.first(where: { $0.bytes.count > maximumArtefactBytes }) {
            throw .invalid(
                "artefact \(artefact.digest.short) has \(artefact.bytes.count) bytes, more than "
                    + "\(maximumArtefactBytes); split it",
                run: run
            )
        }
        if let row, row.run != run {
            throw .invalid("the row is of another run than the events; give each run its own row", run: run)
        }
    }
}
