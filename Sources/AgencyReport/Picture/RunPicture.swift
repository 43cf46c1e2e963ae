// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A run as a picture: from top to bottom its episodes as marks, its choices as gates, and its steps with what was
/// forecast and what came of it; a step that was undone turns back to the checkpoint before it.
public enum RunPicture {
    /// Returns the picture as SVG, which follows the reader's colour scheme.
    public static func svg(_ state: RunState) -> String { markup(state).source }

    static func markup(_ state: RunState) -> Markup {
        var drawing = RunDrawing(state)
        drawing.draw()
        let failed = state.episodes.values.count { $0.failure != nil }
        let reverted = state.enactment.trials.count { $0.reverted != nil }
        let parts = [
            "\(state.episodes.count.counted("episode")), \(failed) failed", state.choices.count.counted("choice"),
            "\(state.enactment.trials.count.counted("try", "tries")) of steps, \(reverted) reverted",
        ]
        return drawing.canvas.picture(
            "run",
            title: "Run \(state.run)",
            about: parts.joined(separator: "; ") + ". " + state.outcomeSentence
        )
    }
}
