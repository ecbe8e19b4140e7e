namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>When a system call fails.</summary>
internal enum Fails
{
    Always,
    IfEqual,
    IfNotEqual,
    IfAnyBit,
    IfNoBit,
    IfNotNull,
}

/// <param name="X64">The number on x64; -1 if there is none.</param>
/// <param name="Arm64">The number on Arm64; -1 if there is none.</param>
/// <param name="Error">The number of the error.</param>
/// <param name="Argument">The argument that decides, from 0.</param>
/// <param name="Value">With what the lower half of the argument is compared.</param>
internal sealed record SystemCallRule(
    int X64, int Arm64, uint Error = SystemCallRules.NotPermitted, Fails Fails = Fails.Always, int Argument = 0, uint Value = 0);

/// <summary>
/// The system calls that a decoder has no use for, by which a process could reach files, the network or other processes. A list of those
/// that .NET and libvips need would change with each version of both; Landlock is the second barrier for files. Numbers:
/// arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
/// </summary>
internal static class SystemCallRules
{
    public const uint NotPermitted = 1;

    /// <summary>From here on numbers are the same on all processors: io_uring, clone3, openat2, pidfd_open and all that is newer.</summary>
    public const uint FirstUnknown = 424;

    private const uint NoAccess = 13;

    /// <summary>Write, read and write, create, truncate, append, create without a name.</summary>
    private const uint OpenForWriting = 0x1 | 0x2 | 0x40 | 0x200 | 0x400 | 0x400000;

    private const uint NewThread = 0x10000;
    private const uint SetParentDeathSignal = 1;
    private const uint FakeInput = 0x5412;

    public static IReadOnlyList<SystemCallRule> All { get; } =
    [
        .. Network,
        .. Files,
        .. Processes,
        .. SharedMemory,
        .. Kernel,
    ];

    /// <summary>
    /// socket, socketpair, connect, bind, listen, accept, accept4, sendto, recvfrom, sendmsg, recvmsg, sendmmsg, recvmmsg.
    /// </summary>
    private static SystemCallRule[] Network =>
    [
        new(41, 198), new(53, 199), new(42, 203), new(49, 200), new(50, 201), new(43, 202), new(288, 242), new(44, 206), new(45, 207),
        new(46, 211), new(47, 212), new(307, 269), new(299, 243),
    ];

    private static SystemCallRule[] Files =>
    [
        // open, openat, creat.
        new(2, -1, NoAccess, Fails.IfAnyBit, 1, OpenForWriting), new(257, 56, NoAccess, Fails.IfAnyBit, 2, OpenForWriting),
        new(85, -1, NoAccess),

        // rename, renameat, renameat2, link, linkat, symlink, symlinkat, unlink, unlinkat, mkdir, mkdirat, rmdir, mknod, mknodat.
        new(82, -1), new(264, 38), new(316, 276), new(86, -1), new(265, 37), new(88, -1), new(266, 36), new(87, -1), new(263, 35),
        new(83, -1), new(258, 34), new(84, -1), new(133, -1), new(259, 33),

        // chmod, fchmod, fchmodat, chown, fchown, lchown, fchownat, truncate, utime, utimes, utimensat, futimesat.
        new(90, -1), new(91, 52), new(268, 53), new(92, -1), new(93, 55), new(94, -1), new(260, 54), new(76, 45), new(132, -1),
        new(235, -1), new(280, 88), new(261, -1),

        // setxattr, lsetxattr, fsetxattr, removexattr, lremovexattr, fremovexattr, mount, umount2, pivot_root, chroot, open_by_handle_at.
        new(188, 5), new(189, 6), new(190, 7), new(197, 14), new(198, 15), new(199, 16), new(165, 40), new(166, 39), new(155, 41),
        new(161, 51), new(304, 265),
    ];

    private static SystemCallRule[] Processes =>
    [
        // execve, execveat, fork, vfork, clone.
        new(59, 221), new(322, 281), new(57, -1), new(58, -1), new(56, 220, Fails: Fails.IfNoBit, Value: NewThread),

        // kill and tgkill of others, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo.
        new(62, 129, Fails: Fails.IfNotEqual, Value: (uint)Environment.ProcessId),
        new(234, 131, Fails: Fails.IfNotEqual, Value: (uint)Environment.ProcessId), new(200, 130), new(129, 138), new(297, 240),

        // ptrace, process_vm_readv, process_vm_writev, kcmp.
        new(101, 117), new(310, 270), new(311, 271), new(312, 272),

        // setpriority, sched_setparam, sched_setscheduler, sched_setattr, ioprio_set, migrate_pages, move_pages.
        new(141, 140), new(142, 118), new(144, 119), new(314, 274), new(251, 30), new(256, 238), new(279, 239),

        // setrlimit, prlimit64 with a new limit, prctl that outlives the parent, unshare, setns, personality.
        new(160, 164), new(302, 261, Fails: Fails.IfNotNull, Argument: 2),
        new(157, 167, Fails: Fails.IfEqual, Value: SetParentDeathSignal), new(272, 97), new(308, 268), new(135, 92),
    ];

    /// <summary>shmget, shmat, shmctl, msgget, msgsnd, msgrcv, msgctl, semget, semop, semctl, semtimedop, mq_open, mq_unlink.</summary>
    private static SystemCallRule[] SharedMemory =>
    [
        new(29, 194), new(30, 196), new(31, 195), new(68, 186), new(69, 189), new(70, 188), new(71, 187), new(64, 190), new(65, 193),
        new(66, 191), new(220, 192), new(240, 180), new(241, 181),
    ];

    /// <summary>
    /// bpf, perf_event_open, userfaultfd, add_key, request_key, keyctl, seccomp, and ioctl that types into a terminal.
    /// </summary>
    private static SystemCallRule[] Kernel =>
    [
        new(321, 280), new(298, 241), new(323, 282), new(248, 217), new(249, 218), new(250, 219), new(317, 277),
        new(16, 29, Fails: Fails.IfEqual, Argument: 1, Value: FakeInput),
    ];
}
