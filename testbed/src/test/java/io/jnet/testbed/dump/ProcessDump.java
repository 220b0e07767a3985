package io.jnet.testbed.dump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process holds: its descriptors by what they are open on, and its threads by name, each with their number.
 *
 * @param descriptors what each is open on, and how many are open on that
 * @param threads the names without numbers, and how many have that
 */
public record ProcessDump(Map<String, Long> descriptors, Map<String, Long> threads) {
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)\\]");
    private static final Pattern NAMESPACE = Pattern.compile("net:\\[\\d+\\]");
    /**
     * Threads that a JVM or its web server starts and ends as it sees fit: compilers, those that wait for a child process and stay for a minute, and the
     * pool, whose size follows the number of connections that the client keeps open.
     */
    private static final Pattern UNSTEADY_THREAD =
            Pattern.compile("CN Compiler.*|qtp.*|Jetty.*|jnet\\.sock-.*|.*[Ss]craper.*|process reaper.*");

    public ProcessDump {
        descriptors = Map.copyOf(descriptors);
        threads = Map.copyOf(threads);
    }

    /** Reads what a process holds; the process id is the one that the tests' machine sees. */
    public static ProcessDump of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        Map<String, String> sockets = socketNames(process);
        return new ProcessDump(
                counted(process.resolve("fd"), descriptor -> descriptorName(descriptor, sockets)),
                counted(process.resolve("task"), ProcessDump::threadName));
    }

    /** What a later dump has more of than this one; empty when there is nothing. */
    public String growth(ProcessDump later) {
        return growth("descriptor", descriptors, later.descriptors) + growth("thread", threads, later.threads);
    }

    private static String growth(String label, Map<String, Long> before, Map<String, Long> after) {
        return Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .sorted()
                .filter(name -> before.getOrDefault(name, 0L) < after.getOrDefault(name, 0L))
                .map(name -> "%s %s: %d, then %d%n"
                        .formatted(label, name, before.getOrDefault(name, 0L), after.getOrDefault(name, 0L)))
                .collect(Collectors.joining());
    }

    private static Map<String, Long> counted(Path folder, Function<Path, String> naming) {
        try (var entries = Files.list(folder)) {
            return entries.map(naming)
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String threadName(Path task) {
        try {
            String name = Files.readString(task.resolve("comm")).strip().replaceAll("[0-9]+", "N");
            return UNSTEADY_THREAD.matcher(name).matches() ? "" : name;
        } catch (IOException e) {
            return "";
        }
    }

    private static String descriptorName(Path descriptor, Map<String, String> sockets) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            var socket = SOCKET.matcher(target);
            if (socket.matches()) {
                return sockets.getOrDefault(socket.group(1), "socket");
            }
            return NAMESPACE.matcher(target).matches() ? "network namespace" : withoutNumbers(target);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of pipes, and of the log that a test gives each process. */
    private static String withoutNumbers(String target) {
        return target.replaceAll("pipe:\\[\\d+\\]", "pipe").replaceAll("-\\d+\\.log$", "-N.log");
    }

    /** The inode of each socket of the process's network namespace, and what it is. */
    private static Map<String, String> socketNames(Path process) {
        Map<String, String> names = new HashMap<>();
        // The column that holds the inode, by the header lines of these files (proc(5)).
        for (var table : Map.of("tcp", 9, "tcp6", 9, "udp", 9, "udp6", 9, "raw", 9, "netlink", 9, "unix", 6)
                .entrySet()) {
            try {
                for (String line : Files.readAllLines(process.resolve("net").resolve(table.getKey()))) {
                    String[] fields = line.strip().split("\\s+");
                    if (fields.length > table.getValue()) {
                        names.put(fields[table.getValue()], nameOf(table.getKey(), fields));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    /** Connections of the plugin socket are dockerd's to keep: it holds up to two idle ones (Go's default), so they get no name. */
    private static String nameOf(String table, String[] fields) {
        if (!table.equals("unix")) {
            return table + " socket";
        }
        // A listening socket has the flag __SO_ACCEPTCON, 0x10000 (linux/net.h).
        boolean listens = fields[3].equals("00010000");
        // A socket that is to be published is made in a folder of its own, with a random name.
        String path = fields.length > 7 ? fields[7].replaceAll("/\\.j[0-9a-f]+/", "/.jN/") : "";
        return listens ? "listening on " + path : path.endsWith(".sock") ? "" : "unix socket " + path;
    }
}
