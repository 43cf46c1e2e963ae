// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Other processes, and what they share.
@Suite(.timeLimit(.minutes(2)))
struct SandboxProcessTests {
    /// Starts something that does no harm and can be harmed, and looks whether it is still there.
    static func victim(_ work: (Int32) async throws -> Void) async throws -> Bool {
        var pid = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        defer { for argument in arguments { free(argument) } }
        let started = posix_spawn(&pid, "/bin/sleep", nil, nil, &arguments, nil)
        try #require(started == 0)
        try await work(pid)
        var status: Int32 = 0
        let lives = waitpid(pid, &status, WNOHANG) == 0
        kill(pid, SIGKILL)
        if lives { waitpid(pid, &status, 0) }
        return lives
    }

    @Test func `no signal reaches a process outside`() async throws {
        try await Bench.with { bench async throws in
            func code(_ pid: Int32) -> String {
                """
                import os, signal
                for target in [\(pid), -1]:
                    if target == -1 and '\(bench.root)' in os.getcwd(): continue
                    try: os.kill(target, signal.SIGKILL)
                    except OSError as error: print(error.errno)
                print('alive')
                """
            }
            let outside = try await Self.victim { _ = try await bench.harm(code($0)) }
            #expect(!outside, "the control did not end it")
            let inside = try await Self.victim { pid in
                let result = try await bench.python(code(pid), acting: true)
                #expect(result.output == "3\nalive\n" || result.output == "3\n3\nalive\n", "\(result.output)")
            }
            #expect(inside)
        }
    }

    @Test func `what a program leaves running neither lives nor writes on`() async throws {
        try await Bench.with { bench async throws in
            // Off on its own, with its streams closed, from a session of its own, by way of a parent that is gone.
            let code = """
                import os, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        for number in range(3): os.close(number)
                        end = time.time() + 30
                        while time.time() < end and os.path.exists('notes.txt'):
                            with open('late', 'a') as file: file.write('x')
                            time.sleep(0.001)
                    os._exit(0)
                time.sleep(0.3)
                print('alive')
                """
            let scratch = bench.root + "/scratch"
            try await bench.host("cp", ["-a", bench.directory, scratch])
            _ = try await bench.harm(code, in: scratch)
            let before = bench.bytes(scratch + "/late")?.count ?? 0
            try await Task.sleep(for: .milliseconds(200))
            #expect(bench.bytes(scratch + "/late")?.count ?? 0 > before, "the control did not write on")
            let result = try await bench.python(code, acting: true)
            #expect(result.output == "alive\n")
            let inside = bench.bytes("late")?.count ?? 0
            try await Task.sleep(for: .milliseconds(200))
            #expect(inside > 0 && bench.bytes("late")?.count == inside)
        }
    }

    @Test func `shared memory, semaphores and queues of the machine are others inside`() async throws {
        try await Bench.with { bench async throws in
            let key = Int32.random(in: 0x1000_0000...0x7000_0000)
            let segment = shmget(key, 4096, 0o1666)
            try #require(segment >= 0)
            defer { shmctl(segment, 0, nil) }
            let name = "agency-test-\(key)"
            try Data("secret".utf8).write(to: URL(fileURLWithPath: "/dev/shm/" + name))
            defer { unlink("/dev/shm/" + name) }
            try await bench.contain(
                """
                import ctypes, os
                c = ctypes.CDLL(None, use_errno=True)
                if c.shmget(\(key), 4096, 0) >= 0: print('HARM shmget')
                if c.shmctl(\(segment), 2, ctypes.create_string_buffer(256)) >= 0: print('HARM shmctl')
                if os.path.exists('/dev/shm/\(name)'): print('HARM shm_open')
                """
            )
            let own = try await bench.python(
                """
                import mmap, os
                from multiprocessing import shared_memory
                block = shared_memory.SharedMemory(create=True, size=100); block.buf[0] = 7
                other = shared_memory.SharedMemory(name=block.name); print(other.buf[0]); other.close(); block.unlink()
                """
            )
            #expect(own.output.hasPrefix("7\n"), "its own shared memory works: \(own.output)")
        }
    }

    @Test func `nothing is typed into a terminal`() async throws {
        try await Bench.with { bench async throws in
            // A terminal that is the program's own, so that only the call itself can be what is refused.
            let code = """
                import os, pty, fcntl, termios
                try:
                    open('/dev/tty').close(); print('HARM there is a terminal')
                except OSError: pass
                pid, master = pty.fork()
                if pid == 0:
                    for request, name in [(0x5412, 'TIOCSTI'), (0x541C, 'TIOCLINUX')]:
                        try: fcntl.ioctl(0, request, b'x'); os.write(1, ('HARM ' + name).encode())
                        except OSError as error: os.write(1, ('%s %d;' % (name, error.errno)).encode())
                    os._exit(0)
                said = b''
                while True:
                    try: part = os.read(master, 1000)
                    except OSError: break
                    if not part: break
                    said += part
                os.waitpid(pid, 0)
                print(said.decode())
                print('alive')
                """
            let outside = try await bench.harm(code)
            // Kernels that refuse it to all say EIO, or EPERM to those who are not the superuser.
            #expect(outside.contains("HARM") || outside.contains("TIOCSTI 5") || outside.contains("TIOCSTI 1"))
            let inside = try await bench.python(code)
            #expect(
                inside.output.contains("TIOCSTI 1;TIOCLINUX 1;") && inside.output.contains("alive"),
                "\(inside.output)"
            )
            #expect(!inside.output.contains("HARM"))
        }
    }

    @Test func `the calls that break out are refused by the kernel`() async throws {
        try await Bench.with { bench async throws in
            // Each with arguments that ask for nothing, so that only a refusal says that it is not permitted.
            let code = """
                import ctypes, platform
                c = ctypes.CDLL(None, use_errno=True)
                numbers = {\(Self.calls.map { "'\($0.0)': \($0.1)" }.joined(separator: ", "))}
                for name, number in numbers.items():
                    ctypes.set_errno(0)
                    flags = 0x10000000 if name in ('unshare', 'setns') else 0
                    # PTRACE_TRACEME would have us traced; the others ask with nonsense.
                    result = c.syscall(number, flags if flags else -1, -1, -1, -1, -1, -1)
                    print(name, result, ctypes.get_errno())
                print('alive')
                """
            let outside = try await bench.harm(code)
            let inside = try await bench.python(code, acting: true)
            #expect(inside.output.hasSuffix("alive\n"), "\(inside.output)")
            var others = 0
            for (name, _) in Self.calls {
                let refused = ["\(name) -1 1\n", "\(name) -1 38\n"]
                #expect(refused.contains { inside.output.contains($0) }, "\(name): \(inside.output)")
                if !refused.contains(where: outside.contains) { others += 1 }
            }
            // Outside most of them are let through to where the nonsense is noticed.
            #expect(others >= 10, "\(outside)")
        }
    }

    static var calls: [(String, UInt32)] {
        guard let architecture = SystemCallFilter.Architecture.current else { return [] }
        return [
            "ptrace", "process_vm_readv", "kexec_load", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key",
            "request_key", "mount", "umount2", "pivot_root", "setns", "unshare", "fsopen", "fsmount", "move_mount",
            "open_tree", "mount_setattr", "io_uring_setup", "open_by_handle_at", "name_to_handle_at", "quotactl",
            "acct",
            "swapon", "reboot", "clone3", "init_module", "pidfd_getfd", "chroot",
        ].compactMap { name in SystemCallFilter.number(of: name, architecture).map { (name, $0) } }
    }

    @Test func `no new namespaces, and no memory of another process`() async throws {
        try await Bench.with { bench async throws in
            try await bench.contain(
                """
                import ctypes, os
                c = ctypes.CDLL(None, use_errno=True)
                child = os.fork()
                if child == 0:
                    if c.unshare(0x10000000) == 0: print('HARM a user namespace', flush=True)
                    os._exit(0)
                os.waitpid(child, 0)
                child = os.fork()
                if child == 0:
                    if c.ptrace(0, 0, 0, 0) == 0: print('HARM traced', flush=True)
                    os._exit(0)
                os.waitpid(child, 0)
                if c.personality(0x0040000) >= 0: print('HARM a personality')
                """
            )
        }
    }
}
