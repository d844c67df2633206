// SPDX-License-Identifier: Apache-2.0
#include "reader/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>

namespace entente::reader {
namespace {

// Sockets; other processes; the kernel; and changes to files, which RLIMIT_FSIZE alone would let
// through at length 0. vfork and fork stand here, clone below: threads are allowed.
constexpr std::array denied = {
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recvfrom",
    "recvmsg",
    "recvmmsg",
    "fork",
    "vfork",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "kill",
    "tkill",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "open_tree",
    "move_mount",
    "fsopen",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "open_by_handle_at",
    "name_to_handle_at",
    "creat",
    "truncate",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "mknod",
    "mknodat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "utime",
    "utimes",
    "utimensat",
    "futimesat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "setuid",
    "setgid",
    "setresuid",
    "setresgid",
    "setgroups",
    "reboot",
    "swapon",
    "swapoff",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "memfd_secret",
    "personality",
    "execveat",
};
// glibc falls back to clone, open and faccessat when these are not there.
constexpr std::array absent = {"clone3", "openat2"};

bool deny(scmp_filter_ctx context, std::uint32_t action, const char* call) {
    int number = seccomp_syscall_resolve_name(call);
    if (number == __NR_SCMP_ERROR || number < 0) return true;  // not on this architecture
    return seccomp_rule_add(context, action, number, 0) == 0;
}

bool deny_writing(scmp_filter_ctx context, int call, unsigned flags_at) {
    for (int flag : {O_WRONLY, O_RDWR}) {
        scmp_arg_cmp mode =
            SCMP_CMP(flags_at, SCMP_CMP_MASKED_EQ, O_ACCMODE, static_cast<scmp_datum_t>(flag));
        if (seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES), call, 1, mode) != 0) return false;
    }
    for (int flag : {O_CREAT, O_TRUNC}) {
        auto bits = static_cast<scmp_datum_t>(flag);
        scmp_arg_cmp mode = SCMP_CMP(flags_at, SCMP_CMP_MASKED_EQ, bits, bits);
        if (seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES), call, 1, mode) != 0) return false;
    }
    return true;
}

bool add_rules(scmp_filter_ctx context) {
    for (const char* call : denied) {
        if (!deny(context, SCMP_ACT_ERRNO(EPERM), call)) return false;
    }
    for (const char* call : absent) {
        if (!deny(context, SCMP_ACT_ERRNO(ENOSYS), call)) return false;
    }
    constexpr scmp_datum_t thread = CLONE_THREAD;
    scmp_arg_cmp no_thread = SCMP_CMP(0, SCMP_CMP_MASKED_EQ, thread, 0);
    return seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, no_thread) == 0 &&
           deny_writing(context, SCMP_SYS(open), 1) && deny_writing(context, SCMP_SYS(openat), 2);
}

Bytes read_all(int fd) {
    Bytes bytes;
    char piece[4096];
    ssize_t size = 0;
    while ((size = pread(fd, piece, sizeof piece, static_cast<off_t>(bytes.size()))) > 0) {
        bytes.append(piece, static_cast<std::size_t>(size));
    }
    return bytes;
}

bool limit(__rlimit_resource_t resource, std::uint64_t value) {
    rlimit both{value, value};
    return setrlimit(resource, &both) == 0;
}

/// Allows reading below `fd`. Failing to allow only makes the fence tighter.
void allow(int ruleset, int fd, std::uint64_t access) {
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = fd;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/// Best effort: kernels without Landlock, or with it switched off, go on with seccomp alone.
void fence_files(const std::vector<int>& readable_fds) {
    landlock_ruleset_attr all{};
    all.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // all of the first version
    long made = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (made < 0) return;
    int ruleset = static_cast<int>(made);
    constexpr std::uint64_t file = LANDLOCK_ACCESS_FS_READ_FILE;
    constexpr std::uint64_t folder_only = LANDLOCK_ACCESS_FS_READ_DIR;
    // What the loader, GDAL and PROJ read.
    for (const char* folder : {"/usr", "/lib", "/lib64", "/etc", "/proc/self", "/dev"}) {
        int fd = open(folder, O_PATH | O_CLOEXEC);
        if (fd < 0) continue;
        allow(ruleset, fd, file | folder_only | LANDLOCK_ACCESS_FS_EXECUTE);
        close(fd);
    }
    for (int fd : readable_fds) {
        // A rule with a folder's right is refused for a file, so both are tried.
        allow(ruleset, fd, file | folder_only);
        allow(ruleset, fd, file);
    }
    syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
}

}  // namespace

Result<Sandbox> Sandbox::make() {
    struct Release {
        void operator()(void* context) const { seccomp_release(context); }
    };
    std::unique_ptr<void, Release> context(seccomp_init(SCMP_ACT_ALLOW));
    int fd = memfd_create("filter", MFD_CLOEXEC);
    Sandbox sandbox;
    if (context && fd >= 0 && add_rules(context.get()) &&
        seccomp_export_bpf(context.get(), fd) == 0) {
        sandbox.filter_ = read_all(fd);
    }
    if (fd >= 0) close(fd);
    if (sandbox.filter_.empty()) {
        return fail(Errc::unavailable,
                    "no seccomp filter could be made, so strangers' files are not read; use a "
                    "kernel with seccomp");
    }
    return sandbox;
}

bool Sandbox::enter(const Bounds& bounds, const std::vector<int>& readable_fds) const {
    // A network with nothing in it. As a user other than root this needs a namespace of its own.
    if (unshare(CLONE_NEWNET) != 0) (void)!unshare(CLONE_NEWUSER | CLONE_NEWNET);
    if (!limit(RLIMIT_AS, bounds.memory_bytes_max) || !limit(RLIMIT_CPU, bounds.cpu_seconds_max) ||
        !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, 64)) {
        return false;
    }
    signal(SIGXFSZ, SIG_IGN);  // a write to a file is an error then, not a death
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    fence_files(readable_fds);
    sock_fprog program{};
    program.len = static_cast<unsigned short>(filter_.size() / sizeof(sock_filter));
    // The kernel only reads it; the structure of its interface has no const.
    program.filter = reinterpret_cast<sock_filter*>(const_cast<char*>(filter_.data()));
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace entente::reader
