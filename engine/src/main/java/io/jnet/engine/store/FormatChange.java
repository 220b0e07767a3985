package io.jnet.engine.store;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.nio.file.Path;
import java.util.Optional;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a state of an older format to that of this version: a copy is kept aside first, and then all steps are one transaction, so that whatever
 * happens in between leaves a state of the one format or of the other. Needs the folder's lock.
 */
final class FormatChange {
    private static final Logger LOG = LoggerFactory.getLogger(FormatChange.class);

    private final Path directory;
    private final Env<byte[]> env;
    private final StateFormat format;

    FormatChange(Path directory, Env<byte[]> env, StateFormat format) {
        this.directory = directory;
        this.env = env;
        this.format = format;
    }

    /**
     * Does nothing to a state that is new or of the present format.
     *
     * @throws EngineException with {@code UNSUPPORTED} for a format from which no way leads here, {@code INTERNAL} when the copy or a step
     *     fails; the state is as it was then
     */
    void run() {
        Optional<StateIdentity> identity = identity();
        if (identity.isEmpty() || identity.get().format() == format.current()) {
            return;
        }
        int found = identity.get().format();
        if (found > format.current()) {
            throw refusal(found, "use the version that wrote it" + copyOfBefore());
        }
        if (found < format.oldest()) {
            throw refusal(found, "use a version in between first");
        }
        Path copy = FormatCopy.keep(directory, found);
        change(identity.get());
        LOG.atInfo()
                .addKeyValue("from", found)
                .addKeyValue("to", format.current())
                .addKeyValue("copy", copy)
                .log("the state has a new format");
    }

    /** Empty in a state that has none yet: its making was interrupted, or it has just been made. */
    private Optional<StateIdentity> identity() {
        boolean isNew = env.getDbiNames().stream().noneMatch(name -> Tables.META.equals(ExportText.of(name)));
        if (isNew) {
            return Optional.empty();
        }
        Dbi<byte[]> meta = env.openDbi(Tables.META);
        try (Txn<byte[]> txn = env.txnRead()) {
            return StateTransaction.identity(meta, txn);
        }
    }

    private void change(StateIdentity from) {
        try (Txn<byte[]> txn = env.txnWrite()) {
            MigratedTables tables = new MigratedTables(env, txn);
            format.stepsFrom(from.format()).forEach(step -> step.run(tables));
            StateTransaction.putIdentity(
                    tables.table(Tables.META), new StateIdentity(format.current(), from.instance(), from.namespace()));
            txn.commit();
            env.sync(true);
        } catch (LmdbException failed) {
            throw StateStore.failure(directory, "change the format of", failed);
        } catch (EngineException failed) {
            throw new EngineException(
                    failed.code(),
                    "cannot change the format of state in " + directory + ": " + failed.getMessage(),
                    failed);
        }
    }

    private String copyOfBefore() {
        return FormatCopy.newest(directory, format)
                .map(copy -> ", or put " + copy + " in its place, a copy from before")
                .orElse("");
    }

    private EngineException refusal(int found, String advice) {
        String range = format.steps().isEmpty()
                ? "format " + format.current()
                : "formats " + format.oldest() + " to " + format.current();
        return new EngineException(
                ErrorCode.UNSUPPORTED,
                "state in " + directory + " has format " + found + ", this version of jnet reads " + range + ": "
                        + advice);
    }
}
