/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.datavec.image.loader.NativeImageLoader;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The demo model: RELEASE WORK DATA. Takes WORK/demo.h5 and WORK/keras.npy (demo.py) and writes
 * DATA/demo.zip, what DL4J makes of the test set with it to DATA/demo/, and the golden case
 * DATA/golden/demo-RELEASE.
 */
public final class Demo {
	private static final String DATASET = System.getenv().getOrDefault("FASHION_MNIST",
		"/usr/share/datasets/fashion-mnist");
	private static final int SIDE = 28, BATCH = 100, CLASSES = 10, TIMED = 200;

	private Demo() {
	}

	public static void main(String[] args) throws Exception {
		Path work = Paths.get(args[1]), data = Paths.get(args[2]), out = data.resolve("demo");
		Files.createDirectories(out);
		File zip = data.resolve("demo.zip").toFile();
		ComputationGraph imported = KerasModelImport.importKerasModelAndWeights(
			work.resolve("demo.h5").toString(), false);
		ModelSerializer.writeModel(imported, zip, false, new ImagePreProcessingScaler(0, 1));

		/* From here on only what a user has: the zip. */
		ComputationGraph net = ModelSerializer.restoreComputationGraph(zip, false);
		DataNormalization normalizer = ModelSerializer.restoreNormalizerFromFile(zip);
		INDArray pixels = images("t10k-images-idx3-ubyte.gz");
		byte[] labels = read("t10k-labels-idx1-ubyte.gz", 8);
		checkSamples(data.resolve("samples"), pixels);
		INDArray inputs = pixels.dup();
		normalizer.transform(inputs);

		INDArray all = Nd4j.create(labels.length, CLASSES);
		for (int i = 0; i < labels.length; i += BATCH)
			rows(all, i, i + BATCH).assign(
				net.outputSingle(rows(inputs, i, i + BATCH).dup()));
		float off = all.sub(Nd4j.createFromNpyFile(work.resolve("keras.npy").toFile()))
			.amaxNumber().floatValue();
		if (!(off < 1e-4))
			throw new IllegalStateException("Keras and DL4J differ by " + off);

		int[] classes = all.argMax(1).toIntVector();
		StringBuilder lines = new StringBuilder();
		int right = 0;
		for (int i = 0; i < classes.length; i++) {
			lines.append(classes[i]).append('\n');
			if (classes[i] == labels[i])
				right++;
		}
		write(out.resolve("classes.txt"), lines.toString());
		write(out.resolve("accuracy.txt"), right + " of " + classes.length + "\n");
		write(out.resolve("summary.txt"), net.summary());
		Files.write(out.resolve("probabilities.npy"), Npy.bytes(rows(all, 0, BATCH)));
		System.out.printf("%d of %d right; Keras and DL4J differ by %g; %d parameters, %d bytes%n",
			right, classes.length, off, net.numParams(), zip.length());
		time(net, inputs);

		new Write(args[0], data.resolve("golden")).graph("demo", net,
			new InputType[] {InputType.convolutional(SIDE, SIDE, 1, CNN2DFormat.NHWC)},
			rows(inputs, 0, Write.BATCH).dup());
	}

	/** The picture files hold the test set's own pixels, as DL4J's loader reads them. */
	private static void checkSamples(Path samples, INDArray pixels) throws IOException {
		NativeImageLoader loader = new NativeImageLoader(SIDE, SIDE, 1);
		List<Path> files;
		try (Stream<Path> found = Files.walk(samples)) {
			files = found.filter(Files::isRegularFile).collect(Collectors.toList());
		}
		for (Path file : files) {
			int i = Integer.parseInt(file.getFileName().toString().replace(".png", ""));
			INDArray loaded = loader.asMatrix(file.toFile()).reshape(1, SIDE, SIDE, 1);
			if (!loaded.equals(rows(pixels, i, i + 1)))
				throw new IllegalStateException(file + " is not test picture " + i);
		}
	}

	private static void time(ComputationGraph net, INDArray inputs) {
		for (int batch : new int[] {1, BATCH})
			for (String run : new String[] {"cold", "warm"}) {
				long start = System.nanoTime();
				for (int i = 0; i < TIMED; i += batch)
					net.outputSingle(rows(inputs, i, i + batch).dup());
				System.out.printf("batches of %d, %s: %.3f ms a picture%n", batch, run,
					(System.nanoTime() - start) / 1e6 / TIMED);
			}
	}

	/** NHWC, which the imported net wants; with one channel the values stand as in NCHW. */
	private static INDArray images(String name) throws IOException {
		byte[] bytes = read(name, 16);
		float[] values = new float[bytes.length];
		for (int i = 0; i < bytes.length; i++)
			values[i] = bytes[i] & 0xff;
		return Nd4j.createFromArray(values).reshape('c', bytes.length / SIDE / SIDE, SIDE, SIDE, 1);
	}

	private static byte[] read(String name, int header) throws IOException {
		try (GZIPInputStream in = new GZIPInputStream(
			Files.newInputStream(Paths.get(DATASET, name)))) {
			in.readNBytes(header);
			return in.readAllBytes();
		}
	}

	private static INDArray rows(INDArray a, int from, int to) {
		return a.get(NDArrayIndex.interval(from, to));
	}

	private static void write(Path path, String text) throws IOException {
		Files.write(path, text.getBytes(StandardCharsets.UTF_8));
	}
}
