// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyConsole
import AgencyCore
import AgencyRuntime
import Synchronization

/// Tells in a file for each run why work on it broke off or could not begin, until something comes of it.
final class TroubleKeeper: Sendable {
    private let home: Home
    /// The runs whose file this process has written, or looked for and taken away.
    private let troubled = Mutex<[RunID: Bool]>([:])
    private static let most = 100_000

    init(_ home: Home) { self.home = home }

    /// Takes notice of something that happened to a worker.
    func notice(_ notice: WorkerPool.Notice) {
        switch notice {
        case .failed(let run, let error): write("it broke off: \(error)", of: run)
        case .skipped(let run, let why): write("it cannot be worked on: \(why)", of: run)
        case .recorded(_, let state): remove(state.run)
        default: break
        }
    }

    private func write(_ why: String, of run: RunID) {
        try? home.makeRunFolder(run)
        let trouble = WorkTrouble(why: String(why.prefix(2000)), atMilliseconds: WallClock.milliseconds())
        NoteFile.write(trouble, to: home.troublePath(run))
        know(run, isTroubled: true)
    }

    private func remove(_ run: RunID) {
        // What a process before has left is looked for once.
        guard know(run, isTroubled: false) != false else { return }
        NoteFile.remove(home.troublePath(run))
    }

    @discardableResult
    private func know(_ run: RunID, isTroubled: Bool) -> Bool? {
        troubled.withLock { troubled in
            if troubled.count > Self.most { troubled = [:] }
            return troubled.updateValue(isTroubled, forKey: run)
        }
    }
}
