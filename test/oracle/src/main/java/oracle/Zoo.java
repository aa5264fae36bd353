/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.*;

/**
 * Goldens of the nets of DL4J's own model zoo: RELEASE CASES_DIR DUMP_DIR NET..., each as its class builds
 * it, with seeded parameters; pictures are as small as the net allows.
 */
public final class Zoo {
	private static final int CHARACTERS = 77, STEPS = 12;

	private Zoo() {
	}

	public static void main(String[] args) throws IOException {
		for (int i = 3; i < args.length; i++) {
			String name = args[i].toLowerCase(Locale.ROOT) + "-" + args[0];
			System.out.println("== " + name);
			golden(args[i], Paths.get(args[1]).resolve(name), Paths.get(args[2]).resolve(name));
		}
	}

	private static void golden(String net, Path dir, Path dump) throws IOException {
		switch (net) {
		case "AlexNet":
			golden(AlexNet.builder().numClasses(1000).inputShape(chw(3, 224)).build(), 24, dir, dump);
			break;
		case "Darknet19":
			golden(Darknet19.builder().numClasses(1000).inputShape(chw(3, 64)).build(), 24, dir, dump);
			break;
		case "FaceNetNN4Small2":
			golden(FaceNetNN4Small2.builder().numClasses(10).inputShape(chw(3, 96)).build(), 12, dir, dump);
			break;
		case "InceptionResNetV1":
			golden(InceptionResNetV1.builder().numClasses(10).inputShape(chw(3, 160)).build(), 6, dir, dump);
			break;
		case "LeNet":
			golden(LeNet.builder().numClasses(10).inputShape(chw(1, 28)).build(), 24, dir, dump);
			break;
		case "NASNet":
			new Large(dir, dump).samples(12).minified().gains(3, 3).write(NasNet.init(40, 10),
				InputType.convolutional(40, 40, 3), 3, 40, 40);
			break;
		case "ResNet50":
			golden(ResNet50.builder().numClasses(1000).inputShape(chw(3, 160)).build(), 12, dir, dump);
			break;
		case "SimpleCNN":
			golden(SimpleCNN.builder().numClasses(10).inputShape(chw(3, 48)).build(), 24, dir, dump);
			break;
		case "SqueezeNet":
			golden(SqueezeNet.builder().numClasses(1000).inputShape(chw(3, 67)).build(), 24, dir, dump);
			break;
		case "TextGenerationLSTM":
			golden(TextGenerationLSTM.builder().totalUniqueCharacters(CHARACTERS)
				.inputShape(new int[] {STEPS, CHARACTERS}).build(), 24, dir, dump);
			break;
		case "TinyYOLO":
			golden(TinyYOLO.builder().numClasses(20).inputShape(chw(3, 128)).build(), 24, dir, dump);
			break;
		case "UNet":
			golden(UNet.builder().inputShape(chw(3, 64)).build(), 24, dir, dump);
			break;
		case "VGG16":
			golden(VGG16.builder().numClasses(1000).inputShape(chw(3, 224)).build(), 24, dir, dump);
			break;
		case "VGG19":
			golden(VGG19.builder().numClasses(1000).inputShape(chw(3, 224)).build(), 24, dir, dump);
			break;
		case "YOLO2":
			golden(YOLO2.builder().numClasses(80).inputShape(chw(3, 128)).build(), 24, dir, dump);
			break;
		default:
			throw new IllegalArgumentException("no net " + net);
		}
	}

	private static void golden(ZooModel model, int samples, Path dir, Path dump) throws IOException {
		Model net = model.init();
		/* Shortcuts add up to a softmax, YOLO's cells to an exp: neither must run full. */
		boolean deep = model instanceof ResNet50 || model instanceof TinyYOLO || model instanceof YOLO2;
		Large large = new Large(dir, dump).samples(samples).minified().gains(deep ? 3 : 6, 3);
		if (model instanceof TextGenerationLSTM) {
			large.write(net, InputType.recurrent(CHARACTERS, STEPS), CHARACTERS, STEPS);
			return;
		}
		int[] shape = model.metaData().getInputShape()[0];
		large.write(net, InputType.convolutional(shape[1], shape[2], shape[0]), shape[0], shape[1], shape[2]);
	}

	private static int[] chw(int channels, int side) {
		return new int[] {channels, side, side};
	}
}
