package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.LeaseView;
import io.jnet.daemon.control.PoolView;
import io.jnet.daemon.terminal.Table;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code jnet ipam}. */
@Command(
        name = "ipam",
        description = "Address pools and leases of networks with \"--ipam-driver jnet\".",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {IpamCommand.Pools.class, IpamCommand.Leases.class})
final class IpamCommand extends CommandGroup {
    /** {@code jnet ipam pools}. */
    @Command(name = "pools", description = "List address pools.")
    static final class Pools extends Query {
        Pools(CommandContext context) {
            super(context);
        }

        @Override
        byte[] asJson(ControlClient daemon) {
            return daemon.get("ipam", "pools");
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            Table table = new Table("POOL", "RANGE", "USED", "FREE", "STICKY", "SINCE");
            for (PoolView pool : daemon.get(PoolView[].class, "ipam", "pools")) {
                table.row(
                        pool.pool(),
                        pool.range().orElse("all"),
                        Long.toString(pool.used()),
                        pool.free().toString(),
                        pool.sticky() ? "yes" : "no",
                        pool.since());
            }
            table.print(out);
        }
    }

    /** {@code jnet ipam leases}. */
    @Command(name = "leases", description = "List leased addresses.")
    static final class Leases extends Query {
        Leases(CommandContext context) {
            super(context);
        }

        @Override
        byte[] asJson(ControlClient daemon) {
            return daemon.get("ipam", "leases");
        }

        @Override
        void print(ControlClient daemon, PrintWriter out) {
            Table table = new Table("POOL", "ADDRESS", "FOR", "OWNER", "SINCE");
            for (LeaseView lease : daemon.get(LeaseView[].class, "ipam", "leases")) {
                table.row(lease.pool(), lease.address(), lease.purpose(), lease.owner(), lease.since());
            }
            table.print(out);
        }
    }
}
