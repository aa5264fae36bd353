/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a golden case: the zip as DL4J saves it, and what DL4J computes with that zip
 * once it has read it back. A file whose content is the same as before is left alone. */
package oracle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.MultiDataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.Normalizer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class Write {
	static final int BATCH = 3;

	private final String release;
	private final Path root;
	private boolean quickly;

	Write(String release, Path root) {
		this.release = release;
		this.root = root;
	}

	boolean writes(String release) {
		return this.release.equals(release);
	}

	/** Without masks, and without asking what a user's call to output() gives. */
	Write quickly() {
		quickly = true;
		return this;
	}

	void say(String name, String what, Throwable why) {
		String text = String.valueOf(why.getMessage()).split("\n|\\. ")[0];

		System.out.println(name + "-" + release + ": " + what + ": "
				+ why.getClass().getSimpleName() + ": " + text);
	}

	/* Graphs */

	void graph(String name, ComputationGraphConfiguration conf, InputType... types)
			throws Exception {
		ComputationGraph net = new ComputationGraph(conf);

		net.init();
		Fill.params(net);
		graph(name, net, types, Fill.inputs(types));
	}

	void graph(String name, ComputationGraph net, InputType[] types, INDArray... inputs)
			throws Exception {
		graph(name, net, types, inputs, null);
	}

	/** With masks, one an input, each of them or all may be null. */
	void graph(String name, ComputationGraph net, InputType[] types, INDArray[] inputs,
			INDArray[] masks) throws Exception {
		graph(name, net, types, inputs, masks, null);
	}

	/** With a normalizer, too: the network's inputs are what the one in the zip makes of `raw`. */
	void graph(String name, ComputationGraph net, InputType[] types, INDArray[] raw,
			INDArray[] masks, Normalizer<?> normalizer) throws Exception {
		Map<String, byte[]> files = new TreeMap<>();
		File zip = save(net, normalizer, files);
		ComputationGraph read = ModelSerializer.restoreComputationGraph(zip, false);
		List<String> names = read.getConfiguration().getNetworkInputs();

		for (int i = 0; i < raw.length; i++)
			put(files, "in/" + fileName(names.get(i)) + ".npy", Npy.bytes(raw[i]));
		INDArray[] inputs = normalizer == null ? raw : normalized(zip, names, raw, masks, files);
		for (int i = 0; masks != null && i < masks.length; i++)
			if (masks[i] != null)
				put(files, "mask/" + fileName(names.get(i)) + ".npy", Npy.bytes(masks[i]));
		Map<String, INDArray> quick = quickly ? Cut.outputs(read, inputs) : Map.of();
		for (var vertex : read.getVertices())
			if (!vertex.isInputVertex()) {
				String v = vertex.getVertexName();
				INDArray a = quick.containsKey(v) ? quick.get(v)
						: Cut.output(read, v, inputs, masks);
				put(files, "out/" + fileName(v) + ".npy", Npy.bytes(a));
			}
		if (normalizer != null)
			reverted(zip, read, inputs, masks, files);
		if (!quickly)
			compareOutputs(name, read, inputs, masks);
		summaries(name, files, types, read::summary, () -> read.summary(types));
		sync(name, files);
	}

	private static INDArray[] normalized(File zip, List<String> names, INDArray[] raw,
			INDArray[] masks, Map<String, byte[]> files) throws Exception {
		Normalizer<?> stored = ModelSerializer.restoreNormalizerFromFile(zip);
		INDArray[] x = Arrays.stream(raw).map(INDArray::dup).toArray(INDArray[]::new);

		if (stored instanceof MultiDataNormalization)
			((MultiDataNormalization) stored).transform(new MultiDataSet(x, null, masks, null));
		else
			((DataNormalization) stored).transform(x[0], masks == null ? null : masks[0]);
		for (int i = 0; i < x.length; i++)
			put(files, "normalized/" + fileName(names.get(i)) + ".npy", Npy.bytes(x[i]));
		return x;
	}

	/** Output i has the mask of input i where it is a series. */
	private static void reverted(File zip, ComputationGraph net, INDArray[] inputs,
			INDArray[] masks, Map<String, byte[]> files) throws Exception {
		Normalizer<?> stored = ModelSerializer.restoreNormalizerFromFile(zip);
		List<String> names = net.getConfiguration().getNetworkOutputs();
		INDArray[] y = new INDArray[names.size()];

		for (int i = 0; i < y.length; i++)
			y[i] = Cut.output(net, names.get(i), inputs, masks).dup();
		if (stored instanceof MultiDataNormalization)
			((MultiDataNormalization) stored).revertLabels(y, masks);
		else
			((DataNormalization) stored).revertLabels(y[0], masks == null ? null : masks[0]);
		for (int i = 0; i < y.length; i++)
			put(files, "reverted/" + fileName(names.get(i)) + ".npy", Npy.bytes(y[i]));
	}

	/** What the user gets should be what the vertices show; a release may not even compute it. */
	private void compareOutputs(String name, ComputationGraph net, INDArray[] inputs,
			INDArray[] masks) {
		try {
			INDArray[] outputs = net.output(false, Cut.fresh(Moved.type(net), inputs),
					Cut.fresh(Moved.type(net), masks));
			List<String> names = net.getConfiguration().getNetworkOutputs();
			for (int i = 0; i < outputs.length; i++)
				if (!outputs[i].equalsWithEps(Cut.output(net, names.get(i), inputs, masks), 1e-6))
					throw new IllegalStateException(names.get(i) + " differs");
		} catch (RuntimeException e) {
			say(name, "output()", e);
			Cut.leaveWorkspaces();
		}
	}

	/* Chains */

	void chain(String name, MultiLayerConfiguration conf, InputType type) throws Exception {
		chain(name, net(conf), type, Fill.inputs(type)[0], null);
	}

	static MultiLayerNetwork net(MultiLayerConfiguration conf) {
		MultiLayerNetwork net = new MultiLayerNetwork(conf);

		net.init();
		Fill.params(net);
		return net;
	}

	/** With a normalizer the network's input is what the one in the zip makes of `input`. With
	 * lengths, the input is a series that rnnTimeStep gets in parts that long, too. */
	void chain(String name, MultiLayerNetwork net, InputType type, INDArray input,
			DataNormalization normalizer, int... lengths) throws Exception {
		Map<String, byte[]> files = new TreeMap<>();
		File zip = save(net, normalizer, files);
		MultiLayerNetwork read = ModelSerializer.restoreMultiLayerNetwork(zip, false);
		INDArray x = input.dup();
		INDArray last = null;

		put(files, "in/input.npy", Npy.bytes(input));
		if (normalizer != null) {
			DataNormalization stored = ModelSerializer.restoreNormalizerFromFile(zip);
			stored.transform(x);
			put(files, "normalized/input.npy", Npy.bytes(x));
		}
		x = Moved.cast(x, Moved.type(read));
		for (int i = 0; i < read.getnLayers(); i++) {
			last = read.feedForwardToLayer(i, x.dup()).get(i + 1);
			put(files, "out/" + fileName(read.getLayer(i).conf().getLayer().getLayerName())
					+ ".npy", Npy.bytes(last));
		}
		if (normalizer != null && normalizer.isFitLabel()) {
			INDArray y = last.dup();
			DataNormalization stored = ModelSerializer.restoreNormalizerFromFile(zip);
			stored.revertLabels(y);
			put(files, "reverted/" + fileName(read.getLayer(read.getnLayers() - 1).conf()
					.getLayer().getLayerName()) + ".npy", Npy.bytes(y));
		}
		if (!read.output(x.dup()).equalsWithEps(last, 1e-6))
			throw new IllegalStateException("output() differs from the last layer");
		if (lengths.length > 0)
			put(files, "steps/" + fileName(read.getLayer(read.getnLayers() - 1).conf().getLayer()
					.getLayerName()) + ".npy", Npy.bytes(inSteps(read, x, lengths)));
		summaries(name, files, new InputType[] { type }, read::summary, () -> read.summary(type));
		sync(name, files);
	}

	/** What rnnTimeStep puts out, part behind part. */
	private static INDArray inSteps(MultiLayerNetwork net, INDArray x, int... lengths) {
		INDArray[] parts = new INDArray[lengths.length];
		int from = 0;

		net.rnnClearPreviousState();
		for (int i = 0; i < lengths.length; i++) {
			INDArray part = x.get(NDArrayIndex.all(), NDArrayIndex.all(),
					NDArrayIndex.interval(from, from + lengths[i])).dup();
			INDArray out = net.rnnTimeStep(part);
			parts[i] = out.rank() == 3 ? out.dup() : out.dup().reshape(out.size(0), out.size(1), 1);
			from += lengths[i];
		}
		return Nd4j.concat(2, parts);
	}

	/* Files */

	private static File save(Model net, Normalizer<?> normalizer, Map<String, byte[]> files)
			throws IOException {
		File zip = File.createTempFile("golden", ".zip");

		zip.deleteOnExit();
		ModelSerializer.writeModel(net, zip, false);
		if (normalizer != null)
			ModelSerializer.addNormalizerToModel(zip, normalizer);
		files.put("model.zip", Files.readAllBytes(zip.toPath()));
		return zip;
	}

	private void summaries(String name, Map<String, byte[]> files, InputType[] types,
			Callable<String> plain, Callable<String> typed) {
		try {
			files.put("summary.txt", plain.call().getBytes(StandardCharsets.UTF_8));
			if (types == null)
				return;
			byte[] text = typed.call().getBytes(StandardCharsets.UTF_8);

			files.put("summary-typed.txt", text);
			files.put("input-types", Arrays.stream(types).map(t -> line(t) + "\n")
					.collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8));
		} catch (Exception e) {
			say(name, "summary", e);
		}
	}

	/** Our command line's way to write an input type. */
	private static String line(InputType type) {
		if (type instanceof InputType.InputTypeConvolutional) {
			var t = (InputType.InputTypeConvolutional) type;
			return t.getChannels() + "," + t.getHeight() + "," + t.getWidth();
		}
		if (type instanceof InputType.InputTypeConvolutional3D) {
			var t = (InputType.InputTypeConvolutional3D) type;
			return t.getChannels() + "," + t.getDepth() + "," + t.getHeight() + "," + t.getWidth();
		}
		if (type instanceof InputType.InputTypeRecurrent) {
			var t = (InputType.InputTypeRecurrent) type;
			return t.getSize() + "," + t.getTimeSeriesLength();
		}
		return "" + type.arrayElementsPerExample();
	}

	/** A character, not a byte, that has no place in a file name becomes one `_`. */
	private static String fileName(String vertex) {
		return vertex.codePoints()
				.mapToObj(c -> c < 128 && (Character.isLetterOrDigit(c) || "_.-".indexOf(c) >= 0)
						? Character.toString(c) : "_")
				.collect(Collectors.joining());
	}

	private static void put(Map<String, byte[]> files, String path, byte[] bytes) {
		if (files.put(path, bytes) != null)
			throw new IllegalStateException("two vertices want the file " + path);
	}

	private void sync(String name, Map<String, byte[]> files) throws IOException {
		Path dir = root.resolve(name + "-" + release);

		pack(files);
		for (var f : files.entrySet()) {
			Path path = dir.resolve(f.getKey());
			Files.createDirectories(path.getParent());
			if (!Files.exists(path) || !same(Files.readAllBytes(path), f.getValue()))
				Files.write(path, f.getValue());
		}
		try (Stream<Path> found = Files.walk(dir)) {
			for (Path p : found.filter(Files::isRegularFile).collect(Collectors.toList()))
				if (!files.containsKey(dir.relativize(p).toString()))
					Files.delete(p);
		}
	}

	/** out/ as one file, as NumPy's savez writes it: small files cost a disk block each. */
	private static void pack(Map<String, byte[]> files) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ZipOutputStream zip = new ZipOutputStream(bytes);

		zip.setLevel(Deflater.NO_COMPRESSION);
		for (String path : new ArrayList<>(files.keySet()))
			if (path.startsWith("out/")) {
				ZipEntry e = new ZipEntry(path.substring(4));
				e.setTime(315532800000L); /* 1980: the bytes tell nothing of today */
				zip.putNextEntry(e);
				zip.write(files.remove(path));
			}
		zip.close();
		files.put("out.npz", bytes.toByteArray());
	}

	/** Zips carry the time of writing, so two of them are compared entry by entry. */
	private static boolean same(byte[] a, byte[] b) throws IOException {
		boolean zip = a.length > 1 && a[0] == 'P' && a[1] == 'K';

		return zip ? entries(a).equals(entries(b)) : Arrays.equals(a, b);
	}

	private static Map<String, ByteBuffer> entries(byte[] zip) throws IOException {
		Map<String, ByteBuffer> entries = new LinkedHashMap<>();
		ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));

		for (ZipEntry e; (e = in.getNextEntry()) != null; )
			entries.put(e.getName(), ByteBuffer.wrap(in.readAllBytes()));
		return entries;
	}
}
