// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// What a program leaves behind for the next git to run.
@Suite(.timeLimit(.minutes(2)))
struct SandboxGitTests {
    /// Puts a program of its own wherever git would look for one.
    static func planting(_ mark: String) -> String {
        """
        import os
        tries = 0
        def put(path, text):
            global tries
            try:
                os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
                open(path, 'a').write(text); os.chmod(path, 0o755); tries += 1
            except OSError: pass
        script = '#!/bin/sh\\ntouch \(mark)\\n'
        for hook in ['pre-commit', 'post-commit', 'post-index-change', 'reference-transaction', 'post-checkout']:
            put('.git/hooks/' + hook, script)
        put('evil.sh', script)
        evil = os.getcwd() + '/evil.sh'
        put('.git/config', '[core]\\n\\tfsmonitor = %s\\n\\tpager = %s\\n[filter "x"]\\n\\tclean = %s\\n[diff]\\n\\texternal = %s\\n' % ((evil,) * 4))
        put('.git/info/attributes', '* filter=x\\n')
        put('.gitattributes', '* filter=x diff=x\\n')
        print('alive', tries)
        """
    }

    @Test func `hooks, configuration and filters that a program writes are never run`() async throws {
        try await Bench.with { bench async throws in
            let mark = bench.outside + "/mark"
            let scratch = bench.root + "/scratch"
            try await bench.host("cp", ["-a", bench.directory, scratch])
            _ = try await bench.harm(Self.planting(mark), in: scratch)
            _ = try? await bench.host("git", ["-C", scratch, "add", "-A"])
            _ = try? await bench.host("git", ["-C", scratch, "commit", "-q", "-m", "x"])
            #expect(bench.exists(mark), "the control did not run what was planted")
            unlink(mark)

            let planted = try await bench.python(Self.planting(mark), acting: true)
            #expect(planted.output == "alive 2\n", "only the two in the workspace itself: \(planted.output)")
            let committed = try await bench.act("git.commit", ["message": "second"])
            #expect(committed.isSuccess, "\(committed.output)")
            _ = try await bench.look("git.diff", [:])
            _ = try await bench.workspace.checkpoint("after")
            _ = try? await bench.git("status")
            #expect(!bench.exists(mark) && bench.exists("evil.sh"))
        }
    }

    @Test func `a commit itself can change neither configuration nor hooks`() async throws {
        try await Bench.with { bench async throws in
            let outcome = try await bench.sandbox.run(
                [
                    "python3", "-c",
                    Self.planting("/tmp/mark") + "\nopen('.git/description', 'a').close(); print('writable')",
                ],
                in: bench.directory,
                access: .readOnly,
                gitWritable: true
            )
            // The file of attributes: git keeps it beside its own, and it names no program.
            #expect(outcome.output.text == "alive 1\nwritable\n", "\(outcome.output.text)")
        }
    }

    @Test func `a commit where there is no repository is a failure of git`() async throws {
        try await Bench.with(repository: false) { bench async throws in
            let result = try await bench.act("git.commit", ["message": "first"])
            #expect(result.status == 128 && result.output.contains("not a git repository"), "\(result.output)")
        }
    }

    @Test(arguments: [".git/hooks/pre-commit", "sub/.git/config", ".GIT/config", "a/b/.Git/hooks/post-checkout"])
    func `no repository comes out of a program`(path: String) async throws {
        try await Bench.with(repository: false) { bench async throws in
            let code = """
                import os
                os.makedirs(os.path.dirname('\(path)')); open('\(path)', 'w').write('x'); open('fine', 'w').close()
                print('alive', os.path.exists('\(path)'))
                """
            let result = try await bench.python(code, acting: true)
            #expect(result.status == 1 && result.output.hasPrefix("alive True\n"))
            #expect(result.output.contains("is a repository, which no program may make"))
            #expect(!bench.exists(path) && bench.exists("fine"))
        }
    }
}
