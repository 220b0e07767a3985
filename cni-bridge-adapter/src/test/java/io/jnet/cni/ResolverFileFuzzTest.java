package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.cni.protocol.SpecVersion;
import io.jnet.cni.result.CniResult;
import io.jnet.cni.result.ResultWriter;
import java.util.List;

/** A file of resolvers may be any bytes: what is understood of it stands in a result. */
class ResolverFileFuzzTest {
    @FuzzTest
    void isReadAsFarAsItIsUnderstood(byte[] file) {
        DnsConfiguration read = DnsConfiguration.ofResolverFile(new String(file, UTF_8));
        CniResult result = new CniResult(List.of(), List.of(), List.of(), read);
        AnswerRules.checkResult(ResultWriter.write(result, SpecVersion.V1_1_0), SpecVersion.V1_1_0);
    }
}
