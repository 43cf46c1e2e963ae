// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import Foundation
import Synchronization

/// Tells a person how a run goes: a line for each thing that matters, and on a terminal one line that is drawn over.
final class Progress: Sendable {
    private struct State {
        var run: RunState?
        var drawn = false
        var startedAt: ContinuousClock.Instant
        var spinner = 0
    }

    private let state: Mutex<State>
    private let json: Bool
    private let isQuiet: Bool
    private let draws: Bool

    /// Tells of it, as events or as lines; or, quiet, of nothing.
    init(json: Bool, isQuiet: Bool = false) {
        self.json = json
        self.isQuiet = isQuiet
        draws = !json && !isQuiet && Terminal.drawsProgress
        state = Mutex(State(startedAt: ContinuousClock().now))
    }

    /// Takes notice of something that happened.
    func notice(_ notice: Agency.Notice) {
        guard case .recorded(let event, let run) = notice else { return clear() }
        state.withLock { $0.run = run }
        if isQuiet { return }
        if json {
            clear()
            Terminal.out(EventText.json(event).canonicalText)
        } else if let line = EventText.milestone(event, run) {
            clear()
            Terminal.error(line)
        }
        // There may be thousands of small steps a second; the line is drawn over often enough without them.
        if case .stateAdvanced = event.event { return }
        draw()
    }

    /// Draws the passing line again and again until cancelled.
    func animate() async {
        guard draws else { return }
        while !Task.isCancelled {
            draw()
            try? await Task.sleep(for: .milliseconds(200))
        }
        clear()
    }

    /// Removes the passing line.
    func clear() {
        let wasDrawn = state.withLock { state in
            defer { state.drawn = false }
            return state.drawn
        }
        if wasDrawn { Terminal.write("\r\u{1B}[K", to: 2) }
    }

    private func draw() {
        guard draws else { return }
        let line: String? = state.withLock { state in
            guard let run = state.run, run.status == .running, let stage = run.currentStage else { return nil }
            state.drawn = true
            state.spinner += 1
            let frames = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"]
            let seconds = Int((ContinuousClock().now - state.startedAt).components.seconds)
            return "\(frames[state.spinner % frames.count]) \(EventText.passing(stage, run)) · \(seconds) s"
        }
        guard let line else { return }
        Terminal.write("\r\u{1B}[K" + Terminal.paint(String(line.prefix(Terminal.width - 1)), .dim, on: 2), to: 2)
    }
}
