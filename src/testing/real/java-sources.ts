// The few files of Java that are added to a Coherence server, as text, so that they need no place of their own in a bundle.
// They are written to the cache folder and compiled there.

/** Names the jars of a server for Maven. */
export const POM = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Names the jars of a Coherence server. It is run once for each server version. -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>coherence-ts</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>

  <properties>
    <coherence.version>25.03.2</coherence.version>
    <jars.folder>\${project.build.directory}/jars</jars.folder>
  </properties>

  <dependencies>
    <dependency>
      <groupId>com.oracle.coherence.ce</groupId>
      <artifactId>coherence</artifactId>
      <version>\${coherence.version}</version>
    </dependency>
    <dependency>
      <groupId>com.oracle.coherence.ce</groupId>
      <artifactId>coherence-grpc-proxy</artifactId>
      <version>\${coherence.version}</version>
    </dependency>
    <dependency>
      <groupId>com.oracle.coherence.ce</groupId>
      <artifactId>coherence-json</artifactId>
      <version>\${coherence.version}</version>
    </dependency>
  </dependencies>

  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>3.6.1</version>
        <configuration>
          <outputDirectory>\${jars.folder}</outputDirectory>
          <includeScope>runtime</includeScope>
        </configuration>
      </plugin>
    </plugins>
  </build>
</project>
`

/** What `javac` compiles, by the names of the files. */
export const SOURCES: Readonly<Record<string, string>> = {
  'LoopbackServerProvider.java': `// Coherence's gRPC proxy asks grpc-java for a server by port alone, which listens on every address of the host.
// This provider outranks the usual one (priority 5) and listens on the loopback address only, so that a test
// server is never reachable from outside. META-INF/services announces it.

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerProvider;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;

public final class LoopbackServerProvider extends ServerProvider {
    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 10;
    }

    @Override
    protected ServerBuilder<?> builderForPort(int port) {
        return builder(port, InsecureServerCredentials.create());
    }

    // Throws for credentials Netty cannot use: answering with an error would pass the port on to the provider
    // that listens everywhere.
    @Override
    protected NewServerBuilderResult newServerBuilderForPort(int port, ServerCredentials credentials) {
        return NewServerBuilderResult.serverBuilder(builder(port, credentials));
    }

    private static ServerBuilder<?> builder(int port, ServerCredentials credentials) {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port), credentials);
    }
}
`,
  'WatchedServer.java': `// A Coherence server that lives no longer than the process that started it: its standard input is a pipe held by
// that process, and at the end of the input (also after a SIGKILL of the holder) the JVM halts. When the server
// is started and no partition is without its backup, one line on standard output says so.

import com.tangosol.net.CacheFactory;
import com.tangosol.net.Cluster;
import com.tangosol.net.Coherence;
import com.tangosol.net.PartitionedService;
import com.tangosol.net.Service;
import com.tangosol.net.events.CoherenceLifecycleEvent;
import java.io.IOException;
import java.util.Collections;

public final class WatchedServer implements Coherence.LifecycleListener {
    public static void main(String[] arguments) {
        daemon("end of input", WatchedServer::haltAtEndOfInput);
        Coherence.main(arguments);
    }

    @Override
    public void onEvent(CoherenceLifecycleEvent event) {
        if (event.getType() == CoherenceLifecycleEvent.Type.STARTED) {
            daemon("report start", WatchedServer::reportStart);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // What is written to the input has no meaning.
            }
        } catch (IOException closed) {
            // The same as the end of the input.
        }
        Runtime.getRuntime().halt(1);
    }

    private static void reportStart() {
        Cluster cluster = CacheFactory.getCluster();
        try {
            while (!isBackedUp(cluster)) {
                Thread.sleep(20);
            }
        } catch (InterruptedException interrupted) {
            return;
        }
        System.out.println("coherence-test-server started, members: " + cluster.getMemberSet().size());
    }

    private static boolean isBackedUp(Cluster cluster) {
        if (cluster.getMemberSet().size() < 2) {
            return true;
        }
        for (String name : Collections.list(cluster.getServiceNames())) {
            Service service = cluster.getService(name);
            if (service instanceof PartitionedService && service.isRunning()
                    && !isBackedUp((PartitionedService) service)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBackedUp(PartitionedService service) {
        if (service.getBackupCount() == 0) {
            return true;
        }
        for (int partition = 0; partition < service.getPartitionCount(); partition++) {
            if (service.getPartitionOwner(partition) == null || service.getBackupOwner(partition, 1) == null) {
                return false;
            }
        }
        return true;
    }
}
`,
}

/** What announces the classes to Java's service loader, by the names of the files in META-INF/services. */
export const SERVICES: Readonly<Record<string, string>> = {
  'com.tangosol.net.Coherence$LifecycleListener': 'WatchedServer\n',
  'io.grpc.ServerProvider': 'LoopbackServerProvider\n',
}
