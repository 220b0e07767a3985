package io.jnet.testbed;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and what only one of them may know. */
class ArchitectureTest {
    private static JavaClasses classes;

    @BeforeAll
    static void importProductionClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                // The kernel layer's test kit, which the testbed uses too, comes as a jar or a folder of classes.
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(
                        "io.jnet.netlink",
                        "io.jnet.engine",
                        "io.jnet.plugin",
                        "io.jnet.driver",
                        "io.jnet.ipam",
                        "io.jnet.cni",
                        "io.jnet.firewalld",
                        "io.jnet.dns",
                        "io.jnet.daemon");
    }

    @Test
    void theModulesDependOnEachOtherInOneDirection() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("netlink")
                .definedBy("io.jnet.netlink..")
                .layer("engine")
                .definedBy("io.jnet.engine..")
                .layer("plugin protocol")
                .definedBy("io.jnet.plugin..")
                .layer("driver")
                .definedBy("io.jnet.driver..")
                .layer("ipam driver")
                .definedBy("io.jnet.ipam..")
                .layer("cni adapter")
                .definedBy("io.jnet.cni..")
                .layer("firewalld")
                .definedBy("io.jnet.firewalld..")
                .layer("dns")
                .definedBy("io.jnet.dns..")
                .layer("daemon")
                .definedBy("io.jnet.daemon..")
                .whereLayer("daemon")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("driver")
                .mayOnlyBeAccessedByLayers("daemon")
                .whereLayer("cni adapter")
                .mayOnlyBeAccessedByLayers("daemon")
                .whereLayer("firewalld")
                .mayOnlyBeAccessedByLayers("daemon")
                .whereLayer("dns")
                .mayOnlyBeAccessedByLayers("daemon")
                .whereLayer("ipam driver")
                .mayOnlyBeAccessedByLayers("cni adapter", "daemon")
                .whereLayer("plugin protocol")
                .mayOnlyBeAccessedByLayers("driver", "ipam driver", "daemon")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers(
                        "plugin protocol", "driver", "ipam driver", "cni adapter", "firewalld", "dns", "daemon")
                .whereLayer("netlink")
                .mayOnlyBeAccessedByLayers(
                        "engine", "driver", "ipam driver", "cni adapter", "firewalld", "dns", "daemon")
                .because("front ends map protocols onto one engine, and the engine is usable by any of them")
                .check(classes);
    }

    @Test
    void onlyTheEngineKnowsHowItWorks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jnet.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jnet.engine.operation..",
                        "io.jnet.engine.plan..",
                        "io.jnet.engine.publish..",
                        "io.jnet.engine.surroundings..",
                        "io.jnet.engine.upkeep..",
                        "io.jnet.engine.work..")
                .because("front ends have one interface, and what is behind it may change")
                .check(classes);
    }

    @Test
    void onlyTheKernelLayerKnowsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jnet.netlink..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jnr..")
                .because("signatures, return codes and pointers are checked in one place; above it there are values")
                .check(classes);
    }

    @Test
    void onlyWhoSpeaksWithFirewalldKnowsTheBus() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jnet.firewalld..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.freedesktop.dbus..")
                .because("a host without firewalld pays nothing for it")
                .check(classes);
    }

    @Test
    void onlyWhoAnswersNamesKnowsMessagesOfDns() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jnet.dns..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.xbill.DNS..")
                .because("a host without a network that wants names pays nothing for it")
                .check(classes);
    }

    @Test
    void onlyWhoTellsMetricsKnowsPrometheus() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jnet.daemon.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .because("the names of all metrics are in one place, and another format would be one package")
                .check(classes);
    }

    @Test
    void theEngineKnowsNoProtocolAndNoServer() {
        noClasses()
                .that()
                .resideInAnyPackage("io.jnet.netlink..", "io.jnet.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "picocli..")
                .because("the same engine is served over several sockets and by a one-shot command")
                .check(classes);
    }

    @Test
    void noProcessIsStartedOnThePathOfNormalWork() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jnet.netlink..",
                        "io.jnet.plugin..",
                        "io.jnet.driver..",
                        "io.jnet.ipam..",
                        "io.jnet.cni..",
                        "io.jnet.firewalld..",
                        "io.jnet.dns..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .because(
                        "the kernel is spoken to directly; the one exception is iptables' FORWARD chain, in the engine")
                .check(classes);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("io.jnet.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a module is what can be understood, tested and replaced alone")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.jnet.(**)")
                .should()
                .beFreeOfCycles()
                .because("who reads a package needs to know those below it only")
                .check(classes);
    }
}
