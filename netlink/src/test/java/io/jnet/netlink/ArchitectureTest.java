package io.jnet.netlink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("io.jnet");

    @Test
    void nativeCodeIsCalledInTwoPlacesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.jnet.netlink.libc", "io.jnet.netlink.nftables")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jnr..")
                .because("every C signature and every return code is looked at in one place for each library")
                .check(CLASSES);
    }

    @Test
    void noPublicMethodShowsANativePointer() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .areTopLevelClasses()
                .should()
                .notHaveRawReturnType(Pointer.class)
                .because("memory of the C library has no owner in Java")
                .check(CLASSES);
    }

    @Test
    void theCodecKnowsNoFamilyOfMessages() {
        noClasses()
                .that()
                .resideInAnyPackage("io.jnet.netlink", "io.jnet.netlink.libc")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jnet.netlink.link..",
                        "io.jnet.netlink.address..",
                        "io.jnet.netlink.route..",
                        "io.jnet.netlink.neighbour..",
                        "io.jnet.netlink.netconf..",
                        "io.jnet.netlink.qdisc..",
                        "io.jnet.netlink.nftables..",
                        "io.jnet.netlink.conntrack..")
                .because("rtnetlink and nfnetlink stand on it, not the other way round")
                .check(CLASSES);
    }

    @Test
    void theCLibraryKnowsNothingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.jnet.netlink.libc")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jnet.netlink", "io.jnet.netlink.namespace..", "io.jnet.netlink.socket..")
                .because("it is the bottom")
                .check(CLASSES);
    }
}
